"""An invented questionnaire of a library's customer survey, and answers to it."""

import json
from typing import Any

from transforms.parse.questionnaire import Questionnaire, parse_questionnaire

SURVEY_ID = "53c5b1ca-0000-4146-90df-a85bb7a8094a"

SURVEY = f"""
[survey]
id = "kirjasto"
wave = "2025-1"
title = {{fi = "Kirjaston asiakaskysely 2025", sv = "Bibliotekets kundenkät 2025"}}
instrument = "webropol"
source_survey_id = "{SURVEY_ID}"
mode = "web"
design = "open_link"
invited_n = 800
opened = 2025-03-01
closed = 2025-03-31
service = "kirjasto"
staff_involved = true
use_budget_year = 2026
"""

VARIABLES = """
[[variable]]
name = "yleisarvio"
qtext = {fi = "Kuinka tyytyväinen olet kirjastoon?", sv = "Hur nöjd är du?", en = "How satisfied?"}
type = "scale"
source_question_id = "q-yleis"
codelist = "tyytyvaisyys5"
[[variable]]
name = "aukioloajat"
qtext = {fi = "Aukioloajat", sv = "Öppettider"}
type = "scale"
source_question_id = "q-matriisi"
source_label = "Aukioloajat"
matrix = "osat"
codelist = "samaa_mielta4"
scale_direction = "-"
[[variable]]
name = "tilat"
qtext = "Tilat"
type = "scale"
source_question_id = "q-matriisi"
source_label = "Tilat"
matrix = "osat"
codelist = "samaa_mielta4"
[[variable]]
name = "suosittelu"
qtext = "Kuinka todennäköisesti suosittelisit?"
type = "nps"
source_question_id = "q-nps"
[[variable]]
name = "kaynnit"
qtext = "Kuinka usein käyt?"
type = "single"
source_question_id = "q-kaynnit"
codelist = "usein"
[[variable]]
name = "palvelut"
qtext = "Mitä käytät?"
type = "multi_item"
source_question_id = "q-palvelut"
codelist = "palvelut"
[[variable]]
name = "matka"
qtext = "Montako kilometriä matkaa?"
type = "number"
source_question_id = "q-matka"
[[variable]]
name = "viimeksi"
qtext = "Milloin kävit viimeksi?"
type = "date"
source_question_id = "q-viimeksi"
[[variable]]
name = "avoin"
qtext = "Mitä haluat sanoa?"
type = "text"
source_question_id = "q-avoin"
[[variable]]
name = "ika"
qtext = "Ikä"
type = "single"
role = "background"
background = "age_band"
source_question_id = "q-ika"
codelist = "iat"
[[variable]]
name = "sukupuoli"
qtext = "Sukupuoli"
type = "single"
role = "background"
background = "gender"
source_question_id = "q-sukupuoli"
codelist = "sukupuolet"
[[variable]]
name = "postinumero"
qtext = "Postinumero"
type = "text"
role = "background"
background = "postcode"
source_question_id = "q-postinumero"
[[variable]]
name = "ryhmat"
qtext = "Kuulun ryhmään"
type = "multi_item"
role = "background"
background = "groups"
source_question_id = "q-ryhmat"
codelist = "ryhmat"
[[variable]]
name = "sahkoposti"
qtext = "Sähköposti"
type = "text"
role = "id"
source_question_id = "q-sahkoposti"
"""

CODELISTS = """
[[codelist]]
id = "tyytyvaisyys5"
items = [
  {code = "1", value = 1, label = {fi = "Erittäin tyytymätön", sv = "Mycket missnöjd"}},
  {code = "2", value = 2, label = {fi = "Melko tyytymätön", sv = "Ganska missnöjd"}},
  {code = "3", value = 3, label = {fi = "En tyytyväinen enkä tyytymätön"}},
  {code = "4", value = 4, label = {fi = "Melko tyytyväinen"}},
  {code = "5", value = 5, label = {fi = "Erittäin tyytyväinen", en = "Very satisfied"}},
  {code = "9", value = 9, label = {fi = "En osaa sanoa"}},
]
[[codelist]]
id = "samaa_mielta4"
items = [
  {code = "1", label = "Täysin samaa mieltä"}, {code = "4", label = "Täysin eri mieltä"},
  {code = "0", label = "Ei koske minua", kind = "not_applicable"},
]
[[codelist]]
id = "usein"
items = [
  {code = "a", label = "2-3 kertaa viikossa"}, {code = "b", label = "Harvemmin"},
  {code = "c", label = "Vaikea sanoa / en muista"},
]
[[codelist]]
id = "palvelut"
items = [{code = "kirjat", label = "Kirjat"}, {code = "lehdet", label = "Lehdet"}]
[[codelist]]
id = "iat"
items = [
  {code = "1", label = "Alle 25 vuotta", maps_to = "15_24"},
  {code = "2", label = "25–44 vuotta", maps_to = "25_44"},
  {code = "9", label = "En halua kertoa"},
]
[[codelist]]
id = "sukupuolet"
items = [
  {code = "1", label = "Nainen"}, {code = "2", label = "Mies"},
  {code = "3", label = "Jokin muu", maps_to = "other"},
  {code = "4", label = "En halua kertoa"},
]
[[codelist]]
id = "ryhmat"
items = [
  {code = "1", label = "Olen nuori", maps_to = "nuoret"},
  {code = "2", label = "Olen lapsi", maps_to = "lapset"},
  {code = "3", label = "En kuulu mihinkään näistä"},
]
"""

TOML = SURVEY + VARIABLES + CODELISTS


def library_questionnaire() -> Questionnaire:
    """The questionnaire, read."""
    return parse_questionnaire(TOML.encode())


def response(*answers: tuple[str, str] | tuple[str, str, str], **changes: Any) -> dict[str, Any]:
    """One response in Webropol's shape; an answer is question id, answer and perhaps label."""
    entries = [
        {"QuestionId": a[0], "Label": a[2] if len(a) > 2 else None, "Answer": a[1]} for a in answers
    ]
    honest = {
        "RespondentId": None,
        "ResponseId": "0725646a-0000-4126-a4f0-0a6660b9d812",
        "RespondentEmail": None,
        "ResponseDate": "2025-03-10T11:54:34.253",
        "RespondentAnswers": entries,
    }
    return honest | changes


def webropol_file(*responses: Any, survey_id: str = SURVEY_ID) -> bytes:
    """A page of responses as Webropol sends it."""
    document = {"SurveyId": survey_id, "Paging": {}, "SurveyAnswers": list(responses)}
    return json.dumps(document, ensure_ascii=False).encode()
