"""All visitors of the shop at the same moment, while the letters of a month leave."""

import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path

from tests.faults.campaigns.stage import SLOWEST, WORK, Row, Stage
from tests.faults.database import ROOT

MOST_MEMORY = 512  # MiB that the pages' process may take
SLOWEST_SHARE = 0.1  # of their own pace letters must still have while visitors are there, or delivery has stood still
PAGES_EACH = 3  # that a visitor opens, one after the other
PATIENCE = 300  # seconds for the pages of all visitors

OPEN = """
from depesa.catalog.models import Product
from depesa.company.models import Company
from depesa.shop.services import samples
Company.objects.create(pk=1, name="Vaivorykste UAB", email="info@vaivorykste.example", language="en")
samples.seed()
print(*Product.objects.order_by("pk").values_list("pk", flat=True)[:20])
"""
# Each is a machine of its own and keeps its cookie; what came back, with the words of refusals, the slowest in seconds.
VISIT = """
import asyncio, json, random, sys, time
port, visitors, each, patience = map(int, sys.argv[1:5])
paths = sys.argv[5:]
statuses, silent, slowest = {}, 0, 0.0
async def page(machine, path, cookie):
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(machine, 0))
    try:
        head = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Connection: close", f"Cookie: {cookie}", "", ""]
        writer.write("\\r\\n".join(head).encode())
        answer = await reader.read(-1)
    finally:
        writer.close()
    head, _gap, body = answer.partition(b"\\r\\n\\r\\n")
    lines = head.decode("latin-1").split("\\r\\n")
    cookies = [line[11:].strip().partition(";")[0] for line in lines if line.lower().startswith("set-cookie:")]
    return int(lines[0].split()[1]), len(body), "; ".join(cookies) or cookie
async def visitor(number, dice):
    global slowest, silent
    cookie, machine = "", f"127.0.{1 + number // 250}.{1 + number % 250}"
    for _page in range(each):
        began = time.monotonic()
        try:
            status, size, cookie = await asyncio.wait_for(page(machine, dice.choice(paths), cookie), patience)
        except (OSError, ValueError, IndexError, TimeoutError) as problem:
            status, size = type(problem).__name__, 1
        statuses[status] = statuses.get(status, 0) + 1
        silent += not size
        slowest = max(slowest, time.monotonic() - began)
async def all_of_them():
    await asyncio.gather(*(visitor(number, random.Random(number)) for number in range(visitors)))
began = time.monotonic()
asyncio.run(all_of_them())
print(json.dumps({"statuses": statuses, "silent": silent, "slowest": slowest, "seconds": time.monotonic() - began}))
"""


def visitors(desk: Stage, *, letters: int, count: int) -> Row:
    """Half of the letters leave alone, the rest while so many look at the shop: pages answer, letters go on."""
    desk.sink.script.slowest = SLOWEST
    products = desk.run(OPEN).split()
    paths = ["/shop/en/", "/shop/en/cart/", "/shop/en/?q=bag", *(f"/shop/en/products/{key}/" for key in products)]
    process, port = _pages(desk)
    desk.post(letters)
    desk.start(WORK)
    first = _arrived(desk, letters // 10)
    alone = _pace(first, _arrived(desk, letters // 2))
    coming = desk.start(VISIT, str(port), str(count), str(PAGES_EACH), str(PATIENCE), *paths)
    begun = time.monotonic(), len(desk.sink.taken)
    desk.until(lambda: len(desk.sink.taken) == letters or not coming.is_alive(), "end of letters or visitors", PATIENCE)
    beside = _pace(begun, (time.monotonic(), len(desk.sink.taken)))
    seen = json.loads(_said(desk, coming))
    memory = _memory(process)
    row = Row("", letters, "", workers=1, seconds=desk.settled())
    row.name = f"visitors of the shop: {beside / alone:.0%} of the pace of letters, pages' process {memory:.0f} MiB"
    row.faults = f"{count:,} visitors"
    print(f"{row.name}: {beside:.0f} instead of {alone:.0f} letters a second; {seen}", file=sys.stderr)
    _judge(row, seen, count, beside / alone, memory)
    return desk.judged(row)


def _judge(row: Row, seen: dict, count: int, share: float, memory: float) -> None:
    statuses = seen["statuses"]
    if set(statuses) - {"200", "503"} or statuses.get("200", 0) < count or seen["silent"]:
        row.wrong.append(f"answers: {statuses}, {seen['silent']} without a word")
    if memory > MOST_MEMORY:
        row.wrong.append(f"the pages' process took {memory:.0f} MiB")
    if share < SLOWEST_SHARE:
        row.wrong.append(f"letters left at {share:.0%} of their pace")


def _said(desk: Stage, process) -> str:
    ended = desk.ended(process, 2 * PATIENCE * PAGES_EACH)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def _arrived(desk: Stage, count: int) -> tuple[float, int]:
    """When so many letters had arrived, and how many they were by then."""
    desk.until(lambda: len(desk.sink.taken) >= count, "letters at the sink")
    return time.monotonic(), len(desk.sink.taken)


def _pace(begun: tuple[float, int], ended: tuple[float, int]) -> float:
    """Letters a second between two moments."""
    return (ended[1] - begun[1]) / max(ended[0] - begun[0], 0.001)


def _pages(desk: Stage) -> tuple[subprocess.Popen, int]:
    """The process of the pages, once it answers, and its port."""
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port = probe.getsockname()[1]
    more = {"DEPESA_SITE_URL": f"http://127.0.0.1:{port}", "DEPESA_DEBUG": "False"}
    words = [sys.executable, "-m", "depesa", "part", "pages", "--port", str(port)]
    log = (desk.folder.parent / "pages.log").open("wb")
    process = subprocess.Popen(words, env={**desk.environment, **more}, cwd=ROOT, stdout=log, stderr=log)
    log.close()
    desk.endings.append(lambda: (process.send_signal(signal.SIGKILL), process.wait()))
    desk.until(lambda: _answers(port), "answer of the pages")
    return process, port


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/shop/en/", timeout=30):
            return True
    except urllib.error.URLError:
        return False


def _memory(process: subprocess.Popen) -> float:
    """The most memory that the process has had, in MiB."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024
