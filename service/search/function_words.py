"""The words that hold a sentence together in the languages of most texts, and tell nothing of what it is about."""

_ENGLISH = """
a about an and any are as at be been but by can could did do does for from had has have he her his how i in into is it
its many me much my no not of on or our she so some such than that the their them there these they this those through
to us was we were what when where which who whom whose why will with would you your
"""
_SPANISH = """
a al como con cual cuál cuando cuándo de del desde donde dónde e el en entre es está están fue ha hay la las lo los más
ni no o para pero por que qué quien quién se sin sobre son su sus también un una y
"""
_ITALIAN = """
a ad ai al alla alle anche che chi come con cosa da dal dalla dei del della delle di dove e è gli i il in la le lo ma
nei nel nella nelle non o per quale quali quando sono su sui sul sulla tra un una uno
"""
_GERMAN = """
als am an auch auf aus bei das dass dem den der des die durch ein eine einem einen einer es für hat im in ist mit nach
nicht oder sich sie sind über um und unter vom von vor war was welche welcher wer wie wird wo zu zum zur
"""


def function_words() -> str:
    """Return all of them in one text."""
    return f"{_ENGLISH}{_SPANISH}{_ITALIAN}{_GERMAN}"
