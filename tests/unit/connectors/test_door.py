"""Fields that name a person never come in; everything else comes in as it was."""

import json

import pytest

from assets.connectors.door import drop_personal_fields


def _dropped(document: object) -> tuple[object, list[str]]:
    content, names = drop_personal_fields(json.dumps(document, ensure_ascii=False).encode())
    return json.loads(content), names


def test_authors_of_an_initiative_are_dropped_and_their_counts_stay() -> None:
    detail = {
        "authors": {
            "privateNames": 1,
            "publicAuthors": [{"name": "Maija Mallikas", "municipality": None}],
            "publicNames": 1,
        },
        "proposal": "Lisää valoa ladulle, ääni kuuluviin.",
    }

    document, names = _dropped(detail)

    detail["authors"]["publicAuthors"] = []  # type: ignore[index]
    assert (document, names) == (detail, ["authors.publicAuthors"])


def test_the_e_mail_of_a_respondent_is_dropped() -> None:
    page = {
        "SurveyId": "s",
        "SurveyAnswers": [
            {"ResponseId": "1", "RespondentEmail": "maija@esimerkki.fi"},
            {"ResponseId": "2", "RespondentEmail": None},
        ],
    }

    document, names = _dropped(page)

    assert names == ["RespondentEmail"]
    assert document == {
        "SurveyId": "s",
        "SurveyAnswers": [
            {"ResponseId": "1", "RespondentEmail": None},
            {"ResponseId": "2", "RespondentEmail": None},
        ],
    }


@pytest.mark.parametrize("envelope", ["bare", "requests", "data"])
def test_the_submitter_of_a_request_is_dropped_in_every_envelope(envelope: str) -> None:
    requests = [
        {
            "service_request_id": "a1",
            "email": "x@esimerkki.fi",
            "submitter_first_name": "Maija",
            "phone": "040 1234567",
            "extended_attributes": {
                "submitter_email": "x@esimerkki.fi",
                "title": "Kuoppa",
                "tasks": [{"owner_name": "Kaupunkiympäristö"}],
            },
        }
    ]
    left = [
        {
            "service_request_id": "a1",
            "extended_attributes": {
                "title": "Kuoppa",
                "tasks": [{"owner_name": "Kaupunkiympäristö"}],
            },
        }
    ]

    document, names = _dropped(requests if envelope == "bare" else {envelope: requests})

    assert names == ["email", "phone", "submitter_email", "submitter_first_name"]
    assert document == (left if envelope == "bare" else {envelope: left})


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"a;b\n1;2\n",
        b"{torn",
        b'{"publicAuthors": [',
        b'[{"service_request_id": "1",   "description": "\xc3\xa4"}]',
        b'{"authors": {"publicAuthors": [], "publicNames": 0}}',
        b'[{"service_code": "1", "phone": "06 4162111"}]',
        b"PK\x03\x04",
    ],
)
def test_bytes_are_untouched_when_nothing_is_dropped(content: bytes) -> None:
    assert drop_personal_fields(content) == (content, [])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_fields_are_dropped_in_every_encoding(encoding: str) -> None:
    text = '[{"service_request_id": "1", "email": "x@esimerkki.fi", "description": "Tie jäässä"}]'

    content, names = drop_personal_fields(text.encode(encoding))

    assert names == ["email"]
    assert json.loads(content) == [{"service_request_id": "1", "description": "Tie jäässä"}]


def test_half_a_character_in_an_escape_does_not_stop_the_door() -> None:
    text = '[{"service_request_id": "1", "email": "x", "description": "\\ud83d ä"}]'

    content, names = drop_personal_fields(text.encode())

    assert names == ["email"]
    assert json.loads(content)[0]["description"] == "\ud83d ä"
