"""A made-up shop: its ledger, what the definitions say of it, and its export by any system.

The answers are counted here with loops over the ledger, as slowly and plainly as the definitions
read, so that nothing of `twostep.orders` checks itself.
"""

import csv
import io
import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone

JST = timezone(timedelta(hours=9))
FRONT, BACK, OTHER = "お試しセット", "定期便", "石けん"
PRICES = {FRONT: 980, BACK: 4980, OTHER: 1500}
END = datetime(2026, 6, 30, 20, 0, tzinfo=JST)
LAST = END.date()


@dataclass(frozen=True)
class Sale:
    """One order of the ledger. `state` is "sale", "cancelled", "pending" or "refunded"."""

    number: int
    at: datetime
    customer: int | None
    lines: tuple[tuple[str, int], ...]
    state: str = "sale"
    refund: int = 0

    @property
    def money(self):
        return sum(PRICES[product] * pieces for product, pieces in self.lines)


@dataclass
class Shop:
    """A ledger."""

    sales: list[Sale] = field(default_factory=list)

    @classmethod
    def random(cls, seed, customers=60, days=300, clean=False):
        rng = random.Random(seed)
        found = []
        for customer in range(customers):
            at = END - timedelta(days=rng.uniform(0, days))
            who = None if rng.random() < 0.05 else customer
            found.append((at, who, ((FRONT, 1),)))
            while rng.random() < 0.6:
                at += timedelta(days=rng.expovariate(1 / 30))
                product = rng.choice([BACK, BACK, OTHER, FRONT])
                lines = (
                    (product, rng.randint(1, 3)),
                    *([(OTHER, 1)] if rng.random() < 0.2 else []),
                )
                if at < END:
                    found.append((at, who, lines))
        found.sort(key=lambda sale: sale[0])
        found[-1] = (END, found[-1][1], found[-1][2])
        shop = cls()
        for number, (at, who, lines) in enumerate(found, start=1001):
            state = (
                "sale"
                if clean
                else rng.choices(["sale", "cancelled", "pending", "refunded"], [20, 1, 1, 1])[0]
            )
            sale = Sale(number, at.replace(microsecond=0), who, lines, state)
            if state == "sale" and not clean and rng.random() < 0.03:
                sale = replace(sale, refund=300)
            shop.sales.append(sale)
        return shop

    @property
    def valid(self):
        return [sale for sale in self.sales if sale.state == "sale"]

    def counts(self):
        """Customers, orders and money, by the definitions."""
        valid = self.valid
        return {
            "customers": len({sale.customer for sale in valid} - {None}),
            "orders": len(valid),
            "orders_without_customer": sum(sale.customer is None for sale in valid),
            "lines": sum(len(sale.lines) for sale in valid),
            "revenue": sum(sale.money - sale.refund for sale in valid),
        }

    def front_back(self, window, clock=True, as_of=LAST):
        """Front buyers and what became of them, customer by customer."""
        answer = dict.fromkeys(
            ("front_buyers", "back_before_or_with_front", "at_risk", "eligible", "converted"), 0
        )
        for customer in {sale.customer for sale in self.valid} - {None}:
            own = sorted(
                (sale for sale in self.valid if sale.customer == customer), key=lambda s: s.at
            )
            fronts = [sale for sale in own if FRONT in dict(sale.lines)]
            backs = [sale for sale in own if BACK in dict(sale.lines)]
            if not fronts:
                continue
            answer["front_buyers"] += 1
            first = fronts[0]
            if backs:
                later = backs[0].at > first.at and backs[0].number != first.number
                if not clock:
                    later = backs[0].at.date() > first.at.date()
                if not later:
                    answer["back_before_or_with_front"] += 1
                    continue
            answer["at_risk"] += 1
            if (as_of - first.at.date()).days >= window:
                answer["eligible"] += 1
                if backs and (backs[0].at.date() - first.at.date()).days <= window:
                    answer["converted"] += 1
        return answer

    def second_purchase(self, window, as_of=LAST):
        """(again, of): customers whose first order is a window old, and bought on another day."""
        again = of = 0
        for customer in {sale.customer for sale in self.valid} - {None}:
            days = sorted({s.at.date() for s in self.valid if s.customer == customer})
            if (as_of - days[0]).days >= window:
                of += 1
                again += len(days) > 1 and (days[1] - days[0]).days <= window
        return again, of

    def cohorts(self, as_of=LAST):
        """By month of the first back order, who bought in every month since."""
        months = {}
        for sale in self.valid:
            if sale.customer is not None and BACK in dict(sale.lines):
                months.setdefault(sale.customer, set()).add(sale.at.year * 12 + sale.at.month - 1)
        last = as_of.year * 12 + as_of.month - 1
        if (as_of + timedelta(days=1)).month == as_of.month:
            last -= 1
        counts = {}
        for first in sorted({min(own) for own in months.values()}):
            members = [own for own in months.values() if min(own) == first]
            counts[f"{first // 12}-{first % 12 + 1:02d}"] = [
                sum(all(first + j in own for j in range(k + 1)) for own in members)
                for k in range(last - first + 1)
            ]
        return counts


def written(header, rows, separator=",", encoding="utf-8"):
    """A table as a file's bytes."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerows([header, *rows])
    return text.getvalue().encode(encoding)


COLUMNS = {
    "order": "order_id",
    "day": "ordered_at",
    "customer": "customer_id",
    "email": "email",
    "product": "product",
    "quantity": "quantity",
    "price": "unit_price",
    "status": "status",
}
HEADER = list(COLUMNS.values())


def mail(customer):
    return "" if customer is None else f"buyer{customer:05d}@example.com"


def plain_rows(shop):
    """Rows of an export of a system that nobody knows, one a line."""
    states = {"sale": "paid", "refunded": "refunded"}
    return [
        [
            str(sale.number),
            sale.at.strftime("%Y-%m-%d %H:%M:%S"),
            "" if sale.customer is None else f"C{sale.customer:05d}",
            mail(sale.customer),
            product,
            str(pieces),
            str(PRICES[product]),
            states.get(sale.state, sale.state),
        ]
        for sale in shop.sales
        for product, pieces in sale.lines
    ]


def plain(shop):
    return written(HEADER, plain_rows(shop))


def shopify(shop):
    header = [
        "Name", "Email", "Financial Status", "Currency", "Subtotal", "Shipping", "Total",
        "Created at", "Lineitem quantity", "Lineitem name", "Lineitem price", "Notes",
        "Cancelled at", "Refunded Amount", "Id",
    ]  # fmt: skip
    rows = []
    states = {"sale": "paid", "cancelled": "voided"}
    for sale in shop.sales:
        at = sale.at.strftime("%Y-%m-%d %H:%M:%S +0900")
        refunded = sale.money + 500 if sale.state == "refunded" else sale.refund
        status = "partially_refunded" if sale.refund else states.get(sale.state, sale.state)
        for i, (product, pieces) in enumerate(sale.lines):
            line = [str(pieces), product, str(PRICES[product])]
            if i:
                rows.append([f"#{sale.number}", mail(sale.customer), *[""] * 6, *line, *[""] * 4])
                continue
            rows.append(
                [
                    f"#{sale.number}", mail(sale.customer), status, "JPY", f"{sale.money}.0",
                    "500.0", f"{sale.money + 500}.0", at, *line, "2回目です\n玄関前へ",
                    at if sale.state == "cancelled" else "", f"{refunded}.0",
                    f"555000{sale.number}.0",
                ]
            )  # fmt: skip
    return written(header, rows)


def square(shop):
    header = [
        "Date", "Time", "Time Zone", "Item", "Qty", "Gross Sales", "Net Sales", "Tax",
        "Transaction ID", "Event Type", "Customer ID", "Customer Name",
    ]  # fmt: skip
    rows = []
    later = []
    for sale in shop.sales:
        if sale.state in ("cancelled", "pending"):  # a till knows neither
            continue
        for product, pieces in sale.lines:
            money = PRICES[product] * pieces
            tax = money // 11
            who = ["", ""] if sale.customer is None else [f"SQ{sale.customer:05d}", "山田"]
            row = [
                sale.at.strftime("%Y-%m-%d"), sale.at.strftime("%H:%M:%S"), "Tokyo", product,
                f"{pieces}.0", f"¥{money:,}", f"¥{money - tax:,}", f"¥{tax:,}",
                f"T{sale.number}", "Payment", *who,
            ]  # fmt: skip
            rows.append(row)
            if sale.state == "refunded":
                at = sale.at + timedelta(days=2)
                later.append(
                    [
                        at.strftime("%Y-%m-%d"), "12:00:00", "Tokyo", product, f"-{pieces}.0",
                        f"-¥{money:,}", f"-¥{money - tax:,}", f"-¥{tax:,}", f"T{sale.number}",
                        "Refund", *who,
                    ]
                )  # fmt: skip
        if sale.refund:
            at = sale.at + timedelta(days=1)
            later.append(
                [
                    at.strftime("%Y-%m-%d"), "12:00:00", "Tokyo", sale.lines[0][0], "0.0",
                    "¥0", f"(¥{sale.refund})", "¥0", f"T{sale.number}", "Refund", *who,
                ]
            )  # fmt: skip
    last = END.strftime("%Y-%m-%d")
    return written(header, rows + [row for row in later if row[0] <= last])


def base(shop):
    header = [
        "注文ID", "注文日時", "氏(請求先)", "メールアドレス(請求先)", "商品名", "価格", "税率",
        "数量", "合計金額", "送料", "発送状況",
    ]  # fmt: skip
    states = {
        "sale": "対応済",
        "cancelled": "キャンセル",
        "pending": "入金待ち",
        "refunded": "返金済",
    }
    rows = [
        [
            f"A{sale.number}", f"{sale.at.year}/{sale.at.month}/{sale.at.day} {sale.at:%H:%M:%S}",
            "髙橋", mail(sale.customer).upper(), product, f"\\{PRICES[product]:,}", "10",
            str(pieces).translate(str.maketrans("123", "１２３")), f"\\{sale.money:,}", "\\500",
            states[sale.state],
        ]
        for sale in shop.sales
        for product, pieces in sale.lines
    ]  # fmt: skip
    return written(header, rows, encoding="cp932")


def color_me(shop):
    header = [
        "売上ID", "受注日", "購入者 顧客ID", "購入者 名前", "購入者 メールアドレス",
        "購入商品 商品名", "購入商品 販売価格(消費税込)", "購入商品 販売個数", "入金状態",
    ]  # fmt: skip
    states = {
        "sale": "入金済", "cancelled": "キャンセル", "pending": "未入金", "refunded": "全額返金済",
    }  # fmt: skip
    rows = [
        [
            str(sale.number), sale.at.strftime("%Y-%m-%d %H:%M:%S"),
            "" if sale.customer is None else str(700 + sale.customer), "髙橋", mail(sale.customer),
            product, str(PRICES[product]), str(pieces), states[sale.state],
        ]
        for sale in shop.sales
        for product, pieces in sale.lines
    ]  # fmt: skip
    return written(header, rows, encoding="cp932")


def ec_cube(shop):
    header = [
        "注文ID", "注文番号", "会員ID", "お名前(姓)", "メールアドレス", "送料", "対応状況(ID)",
        "対応状況(名称)", "受注日", "商品名", "価格", "個数", "明細区分(ID)", "明細区分(名称)",
        "送料",
    ]  # fmt: skip
    states = {"sale": "5", "cancelled": "3", "pending": "8", "refunded": "9"}
    rows = []
    for sale in shop.sales:
        items = [(product, PRICES[product], pieces, "1") for product, pieces in sale.lines]
        for product, price, pieces, kind in [*items, ("送料", 500, 1, "2"), ("手数料", 0, 1, "3")]:
            rows.append(
                [
                    str(sale.number), f"N{sale.number}",
                    "" if sale.customer is None else str(sale.customer + 1), "髙橋",
                    mail(sale.customer), "500", states[sale.state], "…",
                    sale.at.strftime("%Y/%m/%d %H:%M:%S"), product, f"{price}.00", str(pieces),
                    kind, "…", "500",
                ]
            )  # fmt: skip
    return written(header, rows, encoding="cp932", separator=",").replace("…".encode("cp932"), b"-")


def make_shop(shop):
    header = ["日付", "注文時間", "注文番号", "処理状況", "会員ID", "商品名", "販売価格", "数量"]
    states = {
        "sale": "入金済", "cancelled": "キャンセル", "pending": "入金待ち", "refunded": "返品",
    }  # fmt: skip
    rows = [
        [
            f"{sale.at.year}/{sale.at.month}/{sale.at.day}", str(int(sale.at.strftime("%H%M%S"))),
            f"{sale.number:012d}", states[sale.state],
            "" if sale.customer is None else f"m{sale.customer}", product,
            str(PRICES[product]), str(pieces),
        ]
        for sale in shop.sales
        for product, pieces in sale.lines
    ]  # fmt: skip
    return written(header, rows, encoding="cp932")


def stripe(shop):
    header = [
        "id", "Description", "Created (UTC)", "Amount", "Amount Refunded", "Currency", "Captured",
        "Status", "Customer ID", "Customer Email",
    ]  # fmt: skip
    rows = []
    for sale in shop.sales:
        states = {"sale": "Paid", "cancelled": "Canceled", "pending": "Pending"}
        refunded = sale.money if sale.state == "refunded" else sale.refund
        rows.append(
            [
                f"ch_{sale.number}", sale.lines[0][0],
                sale.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S"), f"{sale.money}.00",
                f"{refunded}.00", "jpy", "true",
                "Refunded" if sale.state == "refunded" else states[sale.state],
                "" if sale.customer is None else f"cus_{sale.customer}", mail(sale.customer),
            ]
        )  # fmt: skip
    return written(header, rows)


def minne(shop):
    header = [
        "注文ID", "注文日", "注文状況", "作品名", "販売価格", "数量", "注文者のユーザーID", "送料",
    ]  # fmt: skip
    return _handmade(shop, header, "%Y/%m/%d %H:%M:%S")


def creema(shop):
    header = [
        "注文ID", "購入日", "ステータス", "作品タイトル", "作品単価", "数量", "取引相手", "送料",
    ]  # fmt: skip
    return _handmade(shop, header, "%Y-%m-%d %H:%M:%S")


def _handmade(shop, header, day):
    states = {
        "sale": "発送済み", "cancelled": "キャンセル",
        "pending": "入金待ち", "refunded": "返金済み",
    }  # fmt: skip
    rows = [
        [
            str(sale.number), sale.at.strftime(day), states[sale.state], product,
            str(PRICES[product]), str(pieces),
            "" if sale.customer is None else f"user{sale.customer}", "300",
        ]
        for sale in shop.sales
        for product, pieces in sale.lines
    ]  # fmt: skip
    return written(header, rows)


def smaregi(shop):
    header = ["取引ID", "取引日時", "取引区分", "取消区分", "小計", "合計", "会員ID"]
    rows = []
    for sale in shop.sales:
        if sale.state in ("pending", "refunded"):
            continue
        rows.append(
            [
                str(sale.number), sale.at.strftime("%Y/%m/%d %H:%M:%S"), "1",
                "1" if sale.state == "cancelled" else "0", str(sale.money),
                str(sale.money * 11 // 10), "" if sale.customer is None else str(sale.customer + 1),
            ]
        )  # fmt: skip
    rows.append(["9001", "2026/06/30 19:00:00", "5", "0", "-30000", "-30000", ""])
    return written(header, rows, encoding="cp932")
