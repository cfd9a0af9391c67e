"""A year of made-up applications: the same in every copy, dated from today back."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta

from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.utils.timezone import localdate, make_aware

from jtsec.audit.api import record
from jtsec.identity.models import Identity
from jtsec.validation import vin
from jtsec.validation.resident_id import check_character

from ..events import PermitsImported
from ..models import Permit
from .documents import one_page
from .year import last_workday

HOW_MANY = 120
FRESHEST, DAYS_BACK = 4, 360
"""Days since the last and the first was filed; each has been decided meanwhile."""

WITH_ATTACHMENT = 5
SENSITIVE = 7
"""Every fifth has an attachment, every seventh is sensitive."""
DOUBTFUL = 40
"""Every fortieth has a VIN with a wrong check character, as vehicles do have."""
SEED = 20260101

# A province without county, and a mobile prefix that is not given out: nobody's.
REGIONS = ("110000", "120000", "310000", "320000", "330000", "370000", "440000")
PHONE_PREFIX = "154"

PROVINCES = "京津冀沪苏浙皖鲁豫鄂湘粤川渝陕"
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"

# No maker of the world has this code.
MAKER = "L00"
SMALL_CLASSES, LARGE_CLASSES = ("C1", "C2", "C1D", "B2"), ("A2", "B2", "A1A2", "A2D")

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜"
GIVEN_NAMES = (
    *("建国", "秀英", "志强", "丽华", "海涛", "晓燕", "文博", "雅琴", "俊杰", "淑珍"),
    *("永康", "梦洁", "子轩", "慧敏", "国平", "春梅", "立群", "思远", "佳宁", "振华"),
    *("伟", "静", "磊", "娟", "洋", "敏", "超", "霞", "鹏", "琳"),
)
ROUTES = (
    "人民路（解放桥至火车站）",
    "中山路（人民广场至建设街）",
    "环城东路（东门立交至体育中心）",
    "滨江大道（码头路至湿地公园）",
    "建设街（中山路至市医院）",
    "学府路（科技园至师范学院）",
    "迎宾大道（机场高速口至会展中心）",
    "工业园一路（园区北门至物流中心）",
)
PURPOSES = (
    "超市生鲜配送，夜间不能卸货",
    "住户搬家，需驶入限行路段",
    "市政管网抢修，运送设备和管材",
    "会展中心布展，运送展品和展架",
    "医院设备安装，运送医疗器械",
    "道路绿化养护，洒水和修剪作业",
    "通信基站检修，高空作业车通行",
    "学校食堂食材配送，上学前到达",
    "老旧小区改造，运送建筑材料",
    "文艺演出，运送舞台和音响",
)


def make_records(filers: list[User]) -> int:
    """
    Take over a year's applications, unless there are some already.

    Args:
        filers: who filed them, in turn by chance.

    Returns:
        How many were taken over.
    """
    if Permit.objects.exists():
        return 0
    # Chance that repeats itself; nothing secret comes of it.
    chance = random.Random(SEED)  # noqa: S311 - made-up data
    today = localdate()
    permits = [_permit(chance, today, filers) for _ in range(HOW_MANY)]
    for place, permit in enumerate(permits):
        _label(permit, place)
        _describe(random.Random(SEED + place), permit, place)  # noqa: S311 - made-up data
    Permit.objects.bulk_create(permits)
    record(PermitsImported(resource="permits.permit", count=len(permits)))
    return len(permits)


def _permit(chance: random.Random, today: date, filers: list[User]) -> Permit:
    filed_on = last_workday(today - timedelta(days=chance.randint(FRESHEST, DAYS_BACK)))
    begins = filed_on + timedelta(days=chance.randint(1, 5))
    kind = chance.choices(Permit.VehicleKind.values, weights=(3, 4, 1, 2))[0]
    return Permit(
        number=f"TX{filed_on:%Y%m%d}{chance.randrange(10**8):08d}",
        plate=_plate(chance, kind),
        vehicle_kind=kind,
        owner_name=chance.choice(SURNAMES) + chance.choice(GIVEN_NAMES),
        owner_id_number=_resident_id(chance, today),
        owner_phone=PHONE_PREFIX + f"{chance.randrange(10**8):08d}",
        route=chance.choice(ROUTES),
        purpose=chance.choice(PURPOSES),
        valid_from=begins,
        valid_until=begins + timedelta(days=chance.choice((0, 2, 6, 14, 29))),
        filed_at=_office_hours(chance, filed_on),
        filed_by=chance.choice(filers),
    )


def _label(permit: Permit, place: int) -> None:
    """Say whose it is, how far it has come, how sensitive, and attach a file."""
    identity: Identity = permit.filed_by.jtsec_identity
    permit.organisation = identity.organisation
    permit.edited_by = [str(identity.uid)]
    permit.state = Permit.State.APPROVED
    permit.sensitivity = (
        Permit.Sensitivity.SENSITIVE
        if place % SENSITIVE == 0
        else Permit.Sensitivity.ORDINARY
    )
    if place % WITH_ATTACHMENT == 0:
        proof = ContentFile(one_page(f"Proof of {permit.number}"))
        permit.attachment.save(f"{permit.number}.pdf", proof, save=False)


def _describe(chance: random.Random, permit: Permit, place: int) -> None:
    """Give the vehicle a number, and its driver the classes of a licence."""
    serial = f"{chance.randrange(10**8):08d}"
    typed = f"{MAKER}{serial[:5]}0T{chance.choice(LETTERS[:8])}0{serial[3:]}"
    last = vin.check_character(typed)
    if place % DOUBTFUL == 0:
        last = "0" if last != "0" else "1"
    permit.vin = typed[: vin.CHECKED_AT] + last + typed[vin.CHECKED_AT + 1 :]
    is_large = permit.vehicle_kind in Permit.LARGE
    permit.licence_class = chance.choice(LARGE_CLASSES if is_large else SMALL_CLASSES)


def _plate(chance: random.Random, kind: str) -> str:
    """Return a plate; those of new energy have a sixth place that tells the size."""
    place = chance.choice(PROVINCES) + chance.choice("ABCDEFG")
    digits = f"{chance.randrange(10**5):05d}"
    if kind == Permit.VehicleKind.SMALL_NEW_ENERGY:
        return place + chance.choice("DF") + digits
    if kind == Permit.VehicleKind.LARGE_NEW_ENERGY:
        return place + digits + chance.choice("DF")
    return place + chance.choice(LETTERS) + digits[1:]


def _resident_id(chance: random.Random, today: date) -> str:
    born = today.replace(day=1) - timedelta(days=chance.randint(7300, 23700))
    text = f"{chance.choice(REGIONS)}{born:%Y%m%d}{chance.randint(1, 999):03d}"
    return text + check_character(text)


def _office_hours(chance: random.Random, day: date) -> datetime:
    begin = datetime.combine(day, time(8, 30))
    return make_aware(begin + timedelta(seconds=chance.randrange(9 * 3600)))
