"""The systems whose exports are known: how each is recognised and what its columns mean.

To add a system, add its entry to `FORMATS`. Columns of an export change, so a system is recognised
by a few names that it cannot do without; everything else is taken where it is there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from twostep.orders import words

# What a learner may map with `columns=`.
KEYS = (
    "order",
    "day",
    "time",
    "customer",
    "email",
    "product",
    "quantity",
    "price",
    "amount",
    "status",
    "currency",
    "refunded",
)


@dataclass(frozen=True)
class Format:
    """One system's export.

    `needs` are the names it is recognised by. `columns` says for each of our names which column it
    is, or several of which the first that is there counts. Beside `KEYS` there are `cancelled` (a
    date, or 1, in the rows of a cancelled order), `zone` (of the time), `tax` (to be added to the
    amount) and `kind` (`products` are its values for a line that is a product sold).

    `states` gives the meaning of a status that is written as a number. `utc`: days and times are
    UTC. `without_tax`: prices are without consumption tax.
    """

    name: str
    needs: frozenset[str]
    columns: Mapping[str, str | tuple[str, ...]]
    products: frozenset[str] = frozenset()
    states: Mapping[str, int] = field(default_factory=dict)
    utc: bool = False
    without_tax: bool = False


OWN = Format("", frozenset(), {})
"""A file of a system that we do not know, mapped by its owner."""


def _needs(*names: str) -> frozenset[str]:
    return frozenset(names)


FORMATS = (
    Format(
        "Shopify",
        _needs("Name", "Email", "Financial Status", "Created at", "Lineitem name"),
        {
            "order": "Name",
            "day": "Created at",
            "email": "Email",
            "product": "Lineitem name",
            "quantity": "Lineitem quantity",
            "price": "Lineitem price",
            "status": "Financial Status",
            "currency": "Currency",
            "refunded": "Refunded Amount",
            "cancelled": "Cancelled at",
        },
    ),
    Format(
        "Square",
        _needs("Date", "Item", "Net Sales", "Transaction ID", "Event Type"),
        {
            "order": "Transaction ID",
            "day": "Date",
            "time": "Time",
            "zone": "Time Zone",
            "customer": "Customer ID",
            "product": "Item",
            "quantity": "Qty",
            "amount": "Net Sales",
            "tax": "Tax",
        },
    ),
    Format(
        "BASE",
        _needs("注文ID", "注文日時", "メールアドレス(請求先)", "商品名", "価格"),
        {
            "order": "注文ID",
            "day": "注文日時",
            "email": "メールアドレス(請求先)",
            "product": "商品名",
            "quantity": "数量",
            "price": "価格",
            "status": "発送状況",
        },
    ),
    Format(
        "カラーミーショップ",
        _needs("売上ID", "受注日", "購入商品 商品名"),
        {
            "order": "売上ID",
            "day": "受注日",
            "customer": "購入者 顧客ID",
            "email": "購入者 メールアドレス",
            "product": "購入商品 商品名",
            "quantity": "購入商品 販売個数",
            "price": "購入商品 販売価格(消費税込)",
            "status": "入金状態",
        },
    ),
    Format(
        "EC-CUBE 4",
        _needs("注文ID", "対応状況(ID)", "受注日", "商品名", "明細区分(ID)"),
        {
            "order": "注文ID",
            "day": "受注日",
            "customer": "会員ID",
            "email": "メールアドレス",
            "product": "商品名",
            "quantity": "個数",
            "price": "価格",
            "status": "対応状況(ID)",
            "kind": "明細区分(ID)",
        },
        products=frozenset({"1"}),
        states={
            "1": words.SALE,
            "4": words.SALE,
            "5": words.SALE,
            "6": words.SALE,
            "3": words.CANCELLED,
            "7": words.PENDING,
            "8": words.PENDING,
            "9": words.REFUNDED,
        },
    ),
    # A MakeShop owner chooses the columns: what is not there is asked for when it is needed.
    Format(
        "MakeShop",
        _needs("日付", "注文番号", "処理状況"),
        {
            "order": "注文番号",
            "day": "日付",
            "time": "注文時間",
            "customer": "会員ID",
            "email": ("注文者メールアドレス", "メールアドレス"),
            "product": "商品名",
            "quantity": ("数量", "個数"),
            "price": ("販売価格", "価格", "単価"),
            "status": "処理状況",
        },
    ),
    Format(
        "スマレジ",
        _needs("取引ID", "取引日時", "取引区分", "取消区分", "小計"),
        {
            "order": "取引ID",
            "day": "取引日時",
            "customer": ("会員ID", "会員コード", "顧客ID"),
            "product": "商品名",
            "amount": "小計",
            "kind": "取引区分",
            "cancelled": "取消区分",
        },
        products=frozenset({"1"}),
        without_tax=True,
    ),
    Format(
        "Stripe",
        _needs("id", "Created (UTC)", "Amount", "Status"),
        {
            "order": "id",
            "day": "Created (UTC)",
            "customer": "Customer ID",
            "email": "Customer Email",
            "product": "Description",
            "amount": "Amount",
            "refunded": "Amount Refunded",
            "currency": "Currency",
            "status": "Status",
        },
        utc=True,
    ),
    Format(
        "minne",
        _needs("注文ID", "注文日", "作品名", "販売価格"),
        {
            "order": "注文ID",
            "day": "注文日",
            "customer": "注文者のユーザーID",
            "product": "作品名",
            "quantity": "数量",
            "price": "販売価格",
            "status": "注文状況",
        },
    ),
    Format(
        "Creema",
        _needs("注文ID", "購入日", "作品タイトル", "作品単価"),
        {
            "order": "注文ID",
            "day": "購入日",
            "customer": "取引相手",
            "product": "作品タイトル",
            "quantity": "数量",
            "price": "作品単価",
            "status": "ステータス",
        },
    ),
)

# Counts of friends by day, without persons: for ContactList, not for Orders.
LINE_FRIENDS = _needs("date", "contacts", "targetReaches", "blocks")


def recognised(header: Iterable[str]) -> Format | None:
    """The system whose export has this header (each name as `words.plain` leaves it)."""
    names = set(header)
    fitting = [known for known in FORMATS if known.needs <= names]
    return max(fitting, key=lambda known: len(known.needs), default=None)
