"""Errors of the contracts.

ContractError       a contract file says something that cannot be honoured
└─ UnknownRuleError a rule that no renderer knows
"""


class ContractError(Exception):
    """A contract file is not what this program can honour; the message names file and place."""


class UnknownRuleError(ContractError):
    """A contract asks for a rule that no renderer knows."""
