"""The page about the events, for people: plain HTML from the AsyncAPI document, no script in it."""

import json
import re
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import Any

Document = dict[str, Any]

_DAY = 86_400_000  # milliseconds
_INTRO = """
<p>Сервисы ЕКИС сообщают о том, что произошло, событиями CloudEvents 1.0 в Apache Kafka. Подписаться может городская
система, которой оператор ЕКИС выдал имя и пароль. Описание для программ:
<a href="/docs/asyncapi.json" download>документ AsyncAPI</a>. Тексты о событиях на английском, как и их имена.</p>
<ul>
<li>В одном топике одно событие. Ключ записи — идентификатор того, о чём событие. Порядка между топиками нет.</li>
<li>Любая запись может прийти дважды: событие названо парой <code>ce_source</code> и <code>ce_id</code>.</li>
<li><code>ce_sequence</code> считает изменения одного предмета у одного источника: берите то, что новее вашего.</li>
<li>Неизвестные поля и события неизвестного типа пропускайте.</li>
<li>Запечатанную часть (JWE) откроет только тот сервис, которому она предназначена.</li>
</ul>
"""


def html(document: Document, fonts: Iterable[str]) -> str:
    """The whole page; `fonts` are addresses of the files of Golos Text."""
    preload = "".join(f'<link rel="preload" href="{font}" as="font" type="font/woff2" crossorigin>' for font in fonts)
    parts = [_contents(document), *(_section(document, name) for name in _in_order(document))]
    return f"""<!doctype html>
<html lang="ru">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="/icon.svg" type="image/svg+xml">
{preload}<link rel="stylesheet" href="/docs/page.css">
<title>События ЕКИС</title>
</head>
<body>
<header><a href="/" aria-label="ЕКИС, на главную">ЕКИС</a></header>
<main>
<h1>События ЕКИС</h1>
<p>Версия языка: {escape(document["info"]["version"])}</p>
{_INTRO}
{"".join(parts)}
</main>
</body>
</html>
"""


def style(fonts: Iterable[str]) -> str:
    """The style sheet with the files of the font."""
    ranges = {"cyrillic": "U+0301, U+0400-045F, U+0490-0491, U+04B0-04B1, U+2116", "latin": "U+0000-00FF, U+2000-206F"}
    faces = [
        f"@font-face {{ font-family: 'Golos Text'; font-weight: 400 900; src: url({font}) format('woff2');"
        f" unicode-range: {ranges['cyrillic' if 'cyrillic' in font else 'latin']}; }}\n"
        for font in fonts
    ]
    return "".join(faces) + Path(__file__).with_name("page.css").read_text()


def _in_order(document: Document) -> list[str]:
    return [name for tag in document["info"]["tags"] for name in _said_by(document, tag["name"])]


def _said_by(document: Document, producer: str) -> list[str]:
    """Channels that this producer is the first to be named of."""
    operations = document["operations"]
    return [name for name in document["channels"] if operations[f"receive-{name}"]["tags"][0]["name"] == producer]


def _contents(document: Document) -> str:
    groups = [
        f'<h2 id="{tag["name"]}-svc">{tag["name"]}-svc</h2><ul>'
        + "".join(f'<li><a href="#{name}">{name}</a></li>' for name in _said_by(document, tag["name"]))
        + "</ul>"
        for tag in document["info"]["tags"]
    ]
    return f'<nav aria-label="Все события">{"".join(groups)}</nav><h2>События</h2>'


def _section(document: Document, name: str) -> str:
    channel, message = document["channels"][name], document["components"]["messages"][name]
    schema, (shown,) = document["components"]["schemas"][message["name"]], message["examples"]
    facts = {
        "Тип": f"<code>{message['name']}</code>",
        "С версии": escape(message["x-since"]),
        "Сообщает": ", ".join(message["headers"]["properties"]["ce_source"]["enum"]),
        "Ключ": f"<code>{message['bindings']['kafka']['key']['description']}</code>",
        "Хранится": _kept(channel["bindings"]["kafka"]["topicConfiguration"]),
        "Читают": ", ".join(channel["x-readers"]),
        "Схема": f'<a href="/schemas/{message["name"]}.json">{message["name"]}.json</a>',
    }
    rows = "".join(f"<dt>{term}</dt><dd>{fact}</dd>" for term, fact in facts.items())
    example = escape(json.dumps(shown, ensure_ascii=False, indent=2))
    return f"""
<section aria-labelledby="{name}">
<h3 id="{name}">{name}</h3>
<p lang="en">{_prose(message["summary"])} {_prose(message["description"])}</p>
<dl>{rows}</dl>
<table><thead><tr><th scope="col">Поле</th><th scope="col">Тип</th></tr></thead>
<tbody>{"".join(_fields(schema))}</tbody></table>
<details><summary>Пример события {name}</summary><pre>{example}</pre></details>
</section>"""


def _prose(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def _kept(config: Document) -> str:
    if config["cleanup.policy"] == ["compact"]:
        return "последняя запись каждого ключа, всегда"
    return f"{config['retention.ms'] // _DAY} дней"


def _fields(schema: Document, within: str = "") -> Iterator[str]:
    for name, field in schema["properties"].items():
        yield f"<tr><td><code>{within}{name}</code></td><td>{_kind(field)}</td></tr>"
        if "properties" in field:
            yield from _fields(field, f"{within}{name}.")


def _kind(field: Document) -> str:
    if "x-sealed-to" in field:
        return f"запечатано для {field['x-sealed-to']}: {', '.join(field['x-sealed-part']['properties'])}"
    if "anyOf" in field:
        return " или ".join(map(_kind, field["anyOf"]))
    if "enum" in field or "const" in field:
        return ", ".join(f"<code>{escape(str(one))}</code>" for one in field.get("enum", [field.get("const")]))
    if "items" in field:
        return f"список: {_kind(field['items'])}"
    return escape(str(field.get("format") or field["type"]))
