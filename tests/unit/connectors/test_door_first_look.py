"""What is looked for in the text of a file before it is read: nothing that is dropped hides."""

import json

import pytest

from assets.connectors.door import drop_personal_fields

_REQUEST = '{"service_request_id": "1", "description": "kuoppa", %s}'


@pytest.mark.parametrize(
    ("text", "dropped"),
    [
        ('{"RespondentEmail" :\n "maija@esimerkki.fi"}', ["RespondentEmail"]),
        ('[{"RespondentEmail":null},{"RespondentEmail":"m@esimerkki.fi"}]', ["RespondentEmail"]),
        ('{"RespondentEmail": ["m@esimerkki.fi"]}', ["RespondentEmail"]),
        ('{"authors": {"publicAuthors": [ {"name": "x"} ]}}', ["authors.publicAuthors"]),
        (_REQUEST % '"phone": null', ["phone"]),
        (_REQUEST % '"submitter_name_fi" : "x"', ["submitter_name_fi"]),
        (_REQUEST % r'"em\u0061il": "x"', ["email"]),
        (_REQUEST % r'"\u0073ubmitter": "x"', ["submitter"]),
        (_REQUEST % '"extended_attributes": {"device_id": "x"}', ["device_id"]),
    ],
)
def test_a_field_that_is_filled_in_is_found_however_it_is_written(
    text: str, dropped: list[str]
) -> None:
    content, names = drop_personal_fields(text.encode())

    assert names == dropped
    assert content != text.encode()
    assert json.loads(content) != json.loads(text)


@pytest.mark.parametrize(
    "text",
    [
        '{"RespondentEmail" : null}',
        '{"RespondentEmail": ""}',
        '{"RespondentEmail": false}',
        '{"authors": {"publicAuthors": [ ]}}',
        _REQUEST % '"status": "email"',
    ],
)
def test_a_file_with_empty_fields_stays_as_it_came(text: str) -> None:
    assert drop_personal_fields(text.encode()) == (text.encode(), [])
