"""Names of vendors and people in several languages, put together from parts; none is of anybody."""

from __future__ import annotations

import random
from typing import Final

_FIRST: Final = {
    "en": "Quarry Pelican Orchard Brickman Tarn Cobble Fen Lark Pike Slate Reeve Hollow "
    "Amber Garnet Willow Marlow "
    "Stoke Birch Hazel Corbel Dunmore Ferris Gable Hythe Ingle Juniper Kestrel Linden Moorland Norwood",
    "de": "Ahorn Birken Brunnen Dachs Eichen Falken Garten Hafen Isar Jäger Kiefern Linden "
    "Mühlen Nord Ostsee Pfalz "
    "Quell Reben Silber Tannen Ufer Vogel Weser Ziegel Höfer Lörrach Süd Bühler Krüger Grün",
    "es": "Alameda Bahía Cumbre Dehesa Encina Faro Girasol Huerta Isla Jardín Laguna "
    "Montaña Nogal Olivo Paloma "
    "Quinta Ribera Sauce Trébol Urbano Vereda Zafiro Peña Muñoz Ibáñez Costa Sierra Llano Río Norte",
    "pl": "Brzoza Cegła Dąb Echo Figa Grab Hala Iskra Jawor Klon Lipa Łąka Młyn Nowa Olcha "
    "Polana Rzeka Sosna "
    "Świerk Tatra Ulica Wierzba Zamek Żuraw Krówka Pszczoła Śnieg Góra Wisła Bałtyk",
    "ja": "Aoki Fuji Hikari Ishida Kaede Kumo Matsu Midori Mori Nagano Nami Ogawa Sakura "
    "Shima Sora Sumire Suzume "
    "Takara Tani Tsubaki Ume Wakaba Yama Yuki Asahi Hoshi Kawa Kita Minami Nishi",
}
_SECOND: Final = {
    "en": "Office,Travel,Labs,Tools,Books,Hardware,Cafe,Garage,Printing,Optics,Foods,Motors,Supplies,Hotel",
    "de": "Bürobedarf,Reisen,Labor,Werkzeug,Buchhandlung,Gasthof,Druck,Optik,Bäckerei,Autohaus,Energie,Hotel",
    "es": "Papelería,Viajes,Laboratorios,Herramientas,Librería,Taller,Imprenta,Óptica,Panadería,Motor,Hotel",
    "pl": "Biuro,Podróże,Laboratorium,Narzędzia,Księgarnia,Warsztat,Drukarnia,Optyk,Piekarnia,Hotel,Energia",
    "ja": "Shoten,Ryoko,Kenkyu,Kogu,Shobo,Kissa,Jidosha,Insatsu,Megane,Shokuhin,Denki,Ryokan",
}
_FORMS: Final = {
    "en": ["Inc", "LLC", "Ltd", ""],
    "de": ["GmbH", "AG", "e.K.", "", "GmbH & Co. KG"],
    "es": ["S.A.", "S.L.", "S.A. de C.V.", ""],
    "pl": ["Sp. z o.o.", "S.A.", ""],
    "ja": ["K.K.", "G.K.", ""],
}
_FORENAMES: Final = {
    "en": "Ada Ben Cora Dan Eve Finn Gwen Hugh Iris Joan Kit Leo Mae Ned Olive Paul Quinn Ruth Sam Tess",
    "de": "Anna Bernd Clara Dirk Elke Falk Gerda Heinz Ilse Jörg Karin Lutz Maja Nils Olga "
    "Peter Rosa Sven Tilda Uwe",
    "es": "Ana Bruno Carmen Diego Elena Felipe Gloria Hugo Inés Juan Lola Mario Nuria "
    "Óscar Pilar Raúl Sofía Tomás",
    "pl": "Ala Bogdan Celina Darek Ewa Filip Grażyna Henryk Iza Jan Kasia Lech Marta "
    "Norbert Ola Piotr Róża Stefan",
    "ja": "Akiko Daiki Emi Fumio Hana Ichiro Junko Kenji Mai Naoki Reiko Satoru Tomoko "
    "Yuji Haruto Keiko Mika Ryo",
}


def vendors(rng: random.Random, language: str, n: int) -> list[str]:
    """Give n different names of vendors, no two within three letters of each other by their first words."""
    pairs = [(first, second) for first in _FIRST[language].split() for second in _SECOND[language].split(",")]
    chosen = [f"{first} {second}" for first, second in rng.sample(pairs, min(n, len(pairs)))]
    chosen += [f"{rng.choice(pairs)[0]} {rng.choice(pairs)[1]} {number}" for number in range(len(chosen), n)]
    return [f"{name} {rng.choice(_FORMS[language])}".strip() for name in chosen]


def people(rng: random.Random, language: str, n: int) -> list[str]:
    """Give n different names of people."""
    names = [f"{first} {last}" for first in _FORENAMES[language].split() for last in _FIRST[language].split()]
    return rng.sample(names, n)


def initials(name: str) -> str:
    """Give a name's initials, a letter a word: "J A"."""
    return " ".join(word[0] for word in name.split())
