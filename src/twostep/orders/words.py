"""What single words in an export mean: nobody, a total, a status, a line that is no product."""

import unicodedata

from twostep._text import _

# NFKC leaves these as they are, but they are typed for the signs beside them.
_ALIKE = str.maketrans({"〜": "~", "−": "-", "‐": "-", "–": "-", "\N{NO-BREAK SPACE}": " "})


def plain(text: str) -> str:
    """A text in one way of writing: full-width signs and letters as half-width, no outer spaces."""
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFKC", text.translate(_ALIKE)).strip()


def product_key(name: str) -> str:
    """What two ways of writing one product's name have in common."""
    if name.isascii():
        return name.strip(" ")
    return unicodedata.normalize("NFKC", name.translate(_ALIKE)).strip(" ")


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split("|"))


# Written where a customer should stand, and meaning that nobody is known.
NOBODY = _words(
    "|-|--|0|nan|null|none|n/a|na|#n/a|guest",
    "なし|無し|ナシ|ゲスト|非会員|不明|未登録",
)

# In a row without a date: a sum, and no order.
TOTALS = _words("合計|総合計|総計|小計|計", "total|grand total|totals|sum|subtotal")

# Lines that systems put among the products. Only these words, whole: "送料込み" may be a product.
NO_PRODUCT = _words(
    "送料|配送料|手数料|代引手数料|代引き手数料|決済手数料|消費税",
    "ポイント|ポイント利用|ポイント値引き|割引|値引|値引き|クーポン|クーポン割引",
    "shipping|shipping fee|delivery|handling|fee|tax|tip|discount|coupon|points",
)

SALE, CANCELLED, REFUNDED, PENDING, FAILED, OTHER = range(6)

# A refund, but of a part: a sale whose money is less.
PART_REFUND = _words(
    "partially refunded|partially_refunded|partial refund",
    "一部返金|一部返金済|一部返金済み",
)

_MEANINGS = {
    SALE: PART_REFUND
    | _words(
        "paid|partially paid|partially_paid|complete|completed|fulfilled|shipped|delivered",
        "succeeded|payment|ok",
        "支払済|支払い済|支払済み|支払い済み|支払完了|決済済|決済済み|決済完了",
        "入金済|入金済み|入金確認済|入金確認済み",
        "完了|取引完了|受取完了|受取済|受取済み|受取確認済み",
        "発送済|発送済み|発送完了|発送待ち|発送準備中|未発送|出荷済|出荷済み|出荷待ち",
        "配送済|配送済み|配達完了|対応済|対応済み|未対応|対応中|対応開始|対応開始前|新規受付",
        "売上|販売|会計済|会計済み",
    ),
    CANCELLED: _words(
        "cancelled|canceled|cancel|voided|void",
        "キャンセル|キャンセル済|キャンセル済み|取引キャンセル|キャンセル取引",
        "取消|取消し|取消済|取消済み|取り消し|注文取消|注文取消し",
    ),
    REFUNDED: _words(
        "refunded|refund|fully refunded",
        "全額返金|全額返金済|全額返金済み|返金|返金済|返金済み|返品|返品済|返品済み",
    ),
    PENDING: _words(
        "pending|unpaid|on-hold|on hold|awaiting payment",
        "入金待ち|入金待|支払待ち|支払い待ち|未入金|未払い|未払|未決済|保留",
        "決済待ち|決済処理中|購入処理中|注文処理中",
    ),
    FAILED: _words("failed|expired|declined|denied|error|決済エラー|決済失敗|与信ng"),
}
STATUS = {word: meaning for meaning, said in _MEANINGS.items() for word in said}
"""What a status word means. A word that is not here is asked about, never guessed."""


def status_reason(meaning: int) -> str:
    """Why an order with a status of this meaning is left out."""
    return {
        CANCELLED: _("cancelled"),
        REFUNDED: _("refunded in full"),
        PENDING: _("pending: not paid, or not an order yet"),
        FAILED: _("failed payment"),
        OTHER: _("no sale, as you said (not_sales)"),
    }[meaning]
