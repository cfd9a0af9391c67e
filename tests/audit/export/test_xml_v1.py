"""Form v1 is well-formed GBK whatever an event holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jtsec.audit.export import xml_v1
from jtsec.audit.export.log_entry import Kind
from tests.audit.export.made import entry, parsed

pytestmark = pytest.mark.clause("A5.11", "T9.1")

ORDER = (
    "Num_ID User_ID Organization Organization_ID User_Name Terminal_ID Operate_Time "
    "Operate_Type Operate_Result Error_Code Operate_Name Operate_Condition"
)


def test_a_document_has_the_documented_elements_in_their_order():
    """Envelope, identifier once, one Log for each event."""
    one = entry()
    root = parsed(xml_v1.document("A33", [xml_v1.row(one), xml_v1.row(entry())]))
    assert [child.tag for child in root] == ["Version", "RegID", "Logs"]
    assert (root.findtext("Version"), root.findtext("RegID")) == ("1.0", "A33")
    first, second = root.findall("Logs/Log")
    assert " ".join(child.tag for child in first) == ORDER
    assert first.findtext("Num_ID") == one.number
    assert first.findtext("User_Name") == "张三"
    assert second.findtext("Operate_Time") == "20260302003005"


def test_markup_in_an_event_stays_text():
    """Nobody closes an element from within a permit's number."""
    text = "</Operate_Condition></Log><Log>&amp; ]]> \" '"
    root = parsed(xml_v1.document("A", [xml_v1.row(entry(resource=text))]))
    (log,) = root.findall("Logs/Log")
    assert log.findtext("Operate_Condition") == f"resource='{text[:-1]}'''"


@pytest.mark.parametrize("rare", ["𠮷野", "😀", "€", "\u00e9\u1e3f", "\u3400\u4db5"])
def test_what_gbk_lacks_is_written_as_a_reference(rare):
    """A rare name is read back whole, and never as a question mark."""
    document = xml_v1.document("A", [xml_v1.row(entry(actor={"name": rare}))])
    assert parsed(document).findtext("Logs/Log/User_Name") == rare
    assert b"?" not in document.partition(b"\n")[2]


def test_what_xml_cannot_hold_is_made_visible():
    """Control characters and half surrogate pairs have no form in XML."""
    one = entry(resource="a\x00b\x0bc\ufffed\ud800e\r\nf")
    found = parsed(xml_v1.document("A", [xml_v1.row(one)]))
    condition = found.findtext("Logs/Log/Operate_Condition")
    assert condition == "resource='a\\u0000b\\u000bc\\ufffed\\ud800e\r\nf'"


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=200))
def test_any_text_leaves_the_document_well_formed(text):
    """Whatever was typed, the platform can read the whole batch."""
    document = xml_v1.document("A", [f"<Log><A>{xml_v1.escape(text)}</A></Log>"])
    found = parsed(document).findtext("Logs/Log/A") or ""
    if text.isascii() and text.isprintable():
        assert found == text


def test_an_interface_call_has_its_own_elements(settings):
    """附件 5.11: who called which interface, from where, with which result."""
    settings.JTSEC_AUDIT_EXPORT_INTERFACE_CODES = ["tests:*"]
    one = entry(data={"interface": "18C52", "requester": "违法处理"})
    assert one.kind is Kind.INTERFACE
    log = parsed(xml_v1.document("A", [xml_v1.row(one)])).find("Logs/Log")
    assert log is not None
    assert log.findtext("Interface_Name") == "18C52"
    assert log.findtext("Requester") == "违法处理"
    assert log.findtext("Interface_Result") == "1"
    assert len(log) == 12
