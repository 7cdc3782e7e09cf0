"""What the bot understands, and what it says: the two parts to adapt."""

import json
import os
import re

from web import dig, post

# California and Germany require that customers know that they are talking to a machine.
GREETING = "Hi! I'm the store's automated assistant. What are you looking for?"
HELP = "I'm the store's automated assistant, and I can search it for you. What are you looking for?"
ATTACHMENT = "I'm an automated assistant and can't look at files. Could you tell me in a few words?"
NOTHING = "I'm an automated assistant and found nothing like that. Could you put it another way?"
BUSY = "I'm an automated assistant and can't search the store right now. Please try again later."
BUTTON = "View in store"
# WhatsApp's list of products.
FOUND = "I'm an automated assistant, and this is what I found. Which one would you like to see?"
CHOOSE = "See products"

# Also what Messenger's first button says, as Meta writes it.
GREETINGS = re.compile(
    r"""
    \b(?: hi | hey | hello | good\ (?:morning|afternoon|evening) | get\ started
      | hallo | moin | servus | grüezi | grüß\ gott | guten\ (?:tag|morgen|abend) | los\ geht.?s
      | hola | buen[oa]s\ (?:d[ií]as|tardes|noches) | empezar | comenzar
      | bonjour | bonsoir | salut | coucou | commencer | démarrer )\b
    """,
    re.VERBOSE,
)
# Of four languages, except words that are products in another: a hat, lager, an aux cable.
STOP_WORDS = set(
    """
    about all also am an and any anything are as at be buy can could did do does don for from get
    give got had has have how if in is it its just know like ll looking me my need no of ok okay on
    one or order our please re sell selling shop show so some something stock store tell than thank
    thanks that the their them there these they this those to today too us ve want was we were what
    when where which who will with would yes you your
    aber alle als am auch auf aus bei bitte da danke das dass dem den der des die dir du ein eine
    einem einen einer eines er es etwas euch euer für gerne gibt habe haben habt hätte ich ihr ihre
    im ist ja kann kaufen kannst können könnt mein mich mir mit möchte nach nein nicht noch oder sie
    sind suche suchen und uns verkauft verkaufen vom von vorrätig war welche wie wir wo zeig zeigen
    zu zum zur
    al algo algún alguna busco buscar con cómo comprar cuál cuánto de del el ella en esta está este
    favor gracias hay la las le lo los más mi muestra necesito nos para pero por puede puedo que qué
    quiero quisiera se si sí son su sus tenéis tiene tienen tienes tu un una unas unos usted venden
    ya yo
    ai aimerais alors au avec avez avoir bien ce ces cet cette cherche chercher combien comme
    comment dans elle est et eu il ils je les leur lui mais merci moi mon ne nous ou où par pas
    plaît pour pouvez quel quelle quelque quels qui quoi sa sans ses sont sur te toi trouver une
    vendez veux vos votre voudrais vous
    """.split()
)

PROMPT = """Customers write to an online store, in any language. Answer with nothing but JSON:
{"greeting": true or false, "query": "…"}
`greeting`: whether they greet. `query`: what to search the catalog for, in their own language, at
most five words, without stop words; "" where they are not looking for anything."""


def understand(text, history=()):
    """What a customer means: {"greeting": whether they greet, "query": what to search for or ""}.

    Replace it with your own model. `history` is the conversation so far, in the format of
    `chat/completions` ([{"role", "content"}, …]), if you store it; the sample stores nothing.
    """
    return by_model(text, history) or by_words(text)


def by_words(text):
    """The text without greetings and the words that mean no product."""
    rest, greetings = GREETINGS.subn(" ", text.lower())
    found = re.findall(r"[^\W_]+(?:-[^\W_]+)*", rest)
    found = [word for word in found if len(word) > 1 or word.isdigit()]
    telling = [word for word in found if not set(word.split("-")) <= STOP_WORDS]
    return {"greeting": greetings > 0, "query": " ".join(telling[:8])[:100]}


def by_model(text, history=()):
    """The same from a service with `chat/completions`; None if there is none or it fails."""
    if not (key := os.environ.get("OPENAI_API_KEY")):
        return None
    url = (os.environ.get("OPENAI_BASE_URL") or "https://api.openai.com/v1").rstrip("/")
    said = [{"role": "system", "content": PROMPT}, *history, {"role": "user", "content": text}]
    body = {"model": os.environ.get("OPENAI_MODEL") or "gpt-4.1-mini", "messages": said}
    status, answer = post(f"{url}/chat/completions", body, {"Authorization": f"Bearer {key}"})
    content = dig(answer, "choices", 0, "message", "content")
    try:
        # Some models wrap the JSON in a code block.
        meant = json.loads(content[content.index("{") : content.rindex("}") + 1])
        greeting, query = meant["greeting"], meant["query"]
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
        return None
    if status != 200 or not isinstance(greeting, bool) or not isinstance(query, str):
        return None
    return {"greeting": greeting, "query": " ".join(query.split())[:100].strip()}
