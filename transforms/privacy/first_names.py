"""The commonest Finnish first names, and which of them are ordinary words too.

Belongs here: words and their inflection. Where a name stands in a text is for
``transforms.privacy.names``.

Source: names most often given in Finland and to Finland-Swedes in the 20th and 21st centuries,
put together by hand for this project.
"""

_NAMES = """
Aapo Aarne Aaro Aaron Aatos Aatu Ahmed Aila Aili Aini Aino Airi Aki Aku Aleksanteri Aleksi Alexander
Alexandra Ali Alina Allan Alli Alma Alvar Amanda Anders Andreas Ane Anette Anita Anja Anna-Liisa
Anne Anneli Anni Anniina Annika Annikki Annu Annukka Anssi Antero Anton Antti Anu Ari Arja Arne Arno
Arttu Artturi Asko Asta Atte Aukusti Auli Aulis Aune Auni Axel Benjamin Birgitta Carita Carl
Carl-Johan Carola Catharina Christer Christian Christina Daniel Daniela David Eeli Eelis Eemeli
Eerik Eerikki Eero Eetu Eeva Eevi Eija Eila Eino Eino-Juhani Eira Elias Eliina Eliisa Elina Elisa
Elisabet Ellen Elli Elsa Elvi Emil Emilia Emma Emmi Enni Ensio Eppu Erik Erika Erja Erkki Ernesti
Erno Esa Esko Essi Ester Esteri Eva Eveliina Fanny Fatima Felix Fredrik Gunilla Gunnar Gustav Hanna
Hanna-Mari Hannele Hannes Hannu Hans Harri Heidi Heikki Heini Helena Helge Heli Helka Helvi Hemmo
Henna Henri Henriikka Henrik Henry Hilkka Hilma Hilppa Hugo Ida Iida Iina Iiris Iiro Ilari Ilkka
Ilmari Ilpo Ilse Ina Inari Inga Ingrid Inka Inkeri Irene Irina Iris Irja Irma Ismo Isto Ivan Jaakko
Jaakob Jaana Jan Jani Janika Janina Janne Jari Jari-Pekka Jarkko Jarmo Jarno Jasmin Jenna Jenni Jere
Jeremias Jesse Jimi Joakim Joel Johan Johanna Johannes John Jonas Jonna Jooel Joona Joonas Jorma
Josefiina Jouko Jouni Juha Juha-Matti Juha-Pekka Juhana Juhani Juho Jukka Jukka-Pekka Julia Juulia
Juuso Jyri Jyrki Kaarina Kaarlo Kaija Kaisa Kaisu Kalervo Kalevi Kalle Kari Karin Karita Karl
Karoliina Karri Kasperi Kata Katariina Katarina Kati Katja Katri Katriina Kauko Kerttu Kerttuli Kiia
Kim Kimmo Kirsi Kirsi-Maria Kirsi-Marja Kirsikka Kirsti Kjell Klaus Kosti Krista Kristian Kristiina
Kristiine Kristina Kullervo Kyllikki Kyösti Lahja Laila Lars Lasse Lassi Laura Lauri Lea Leena Leeni
Leevi Leif Leila Lenni Leo Lidia Liisa Lina Linda Linnea Lotta Lucas Luka Lukas Maaria Maarit Magnus
Maija Maija-Liisa Maiju Maikki Mailis Maire Maj Maj-Britt Malin Manu Marcus Mari Maria Marianne
Mariia Marika Marita Maritta Marja Marja-Leena Marja-Liisa Marjaana Marjatta Marjo Marjo-Riitta
Marjukka Marjut Marketta Markku Marko Markus Martin Martta Martti Matias Matilda Matleena Matti
Mauno Mauri Meeri Meri-Tuuli Merja Mervi Mia Mika Mikael Mikaela Mikko Milja Milla Mimmi Minna
Minttu Mira Mirja Mirjam Mirjami Mirka Mirkka Mirva Mohamed Mohammed Monica Monika Muhammad Nea Neea
Nestori Niilo Niina Niklas Niko Nikolai Nils Nina Noel Noora Nora Oiva Olavi Olga Oliver Olivia Olli
Olli-Pekka Onerva Oona Orvo Oskar Oskari Osmi Osmo Ossi Otto Outi Paavo Panu Pasi Patricia Patrik
Paul Paula Pauli Pauliina Peetu Pekka Pentti Per Pertti Perttu Peter Petra Petri Petter Petteri Pia
Pietari Piia Pinja Pirita Pirjo Pirkko Pirre Päivi Päivikki Raija Raili Raimo Rainer Rami Rasmus
Rauha-Liisa Rauli Rauno Rebecca Reeta Reetta Reijo Reima Reino Reko Riikka Riina Riitta Riku Risto
Rita Ritva Robert Roni Ronja Roope Roosa Saana Saara Saija Saku Salla Salme Sami Samu Samuel Samuli
Sanelma Sanna Sanna-Kaisa Sanni Santeri Santtu Sara Sari Sauli Sebastian Seija Senja Senni Seppo
Severi Siiri Simo Simon Sinikka Sirkka Sirkka-Liisa Sirkku Sirpa Siru Sofia Soila Sonja Stefan Stig
Sulevi Susan Susanna Susanne Suvi-Tuuli Sylvi Taina Taito Taneli Tanja Tapani Tapio Tarja Taru
Tatjana Tatu Teemu Teija Tellervo Teppo Terhi Terhikki Tero Terttu Teuvo Tiia Tiia-Maria Tiina Timo
Tobias Toini Toivo Tom Tomi Tommi Toni Tony Topi Topias Torsten Torsti Tuija Tuire Tuomas Tuomo
Tuula Tuuli Tuulikki Tytti Tyyne Tyyni Ulla Ulla-Maija Ulrika Unto Uolevi Urho Urmas Urpo Uuno
Valdemar Valtteri Vappu Veera Veikko Veli-Matti Veli-Pekka Venla Verna Verneri Vesa Vieno Viivi
Viktor Viktoria Vilhelmi Vilho Viljami Viljo Ville Vilma Vilppu Vivian Voitto Väinämö Väinö Wilhelm
Wilma Xaver Ylermi Yngve Yrjö Åke Åsa Örjan
"""

# Names that are words, places or plants: they count only before what looks like a surname.
_HOMONYMS = """
Aamu Aarre Ahti Aina Armas Arvo Aura Halla Helmi Hilla Ilma Ilo Ilta Inari Into Jalo Kai Kaino
Kasperi Kaste Kielo Kukka Kuura Lahja Lauha Lempi Lilja Lumi Mainio Max Meri Miina Nuppu Oiva Onni
Oras Orvokki Otso Per Pilvi Pyry Raita Rauha Runo Ruusu Sade Sampo Sini Sisko Sulo Suoma Säde Taika
Taimi Taisto Tarmo Toivo Tuike Tuisku Tuuli Tyyne Tyyni Tähti Unelma Urho Usko Valo Vanamo Vappu
Veli Vieno Vilja Viola Visa Voitto Vuokko
"""

# Names that are words when written small, or too short to be told from a word.
_CAPITAL_ONLY = """
Aada Aimo Ali Alma Alpo Ane Anna Ari Asko Asta Auvo Eedit Else Esa Eva Hilja Hugo Iivari Ilona Ina
Iris Isto Jan Jere Jussi Kaisla Kata Keijo Leo Linda Luka Maj Manu Mari Marja Martta Mia Milla
Minttu Nelli Niilo Otto Outi Pia Pinja Raija Raimo Rauni Rita Roosa Saima Saimi Salla Sari Satu
Sirkku Siru Soini Suvi Tahvo Tauno Tom Toni Topi Tuulia Ulla Unto Veijo Venla Ville Virpi
"""


def known_names() -> frozenset[str]:
    """First names in their basic form, written with a capital, homonyms included."""
    return frozenset((_NAMES + _HOMONYMS + _CAPITAL_ONLY).split())


def firm_names() -> frozenset[str]:
    """First names that with a capital are no ordinary word, place or plant."""
    return known_names() - frozenset(_HOMONYMS.split())


def plain_names() -> frozenset[str]:
    """First names that are no ordinary word, whether written with a capital or not."""
    return firm_names() - frozenset(_CAPITAL_ONLY.split())


def inflected_names() -> frozenset[str]:
    """The case forms of the firm names, with consonant gradation: *Pekka, Pekan, Pekalle …*."""
    return frozenset(form for name in firm_names() for form in _forms(name))


def _forms(name: str) -> set[str]:
    back = not any(vowel in name.lower() for vowel in "äöy") or any(v in name for v in "aou")
    a = "a" if back else "ä"
    weak, strong = _stems(name)
    endings = ("n", "lle", f"ll{a}", f"lt{a}", f"ss{a}", f"st{a}", "ksi", f"tt{a}", "t")
    forms = {name, strong + a, f"{strong}n{a}", strong + strong[-1] + "n"}
    return forms | {weak + ending for ending in endings}


def _stems(name: str) -> tuple[str, str]:
    """The stem before endings that close the syllable, and the one before those that do not."""
    if name.endswith("as") and name not in (
        "Andreas",
        "Elias",
        "Jonas",
        "Joonas",
        "Lukas",
        "Tobias",
    ):
        return name[:-1] + "a", name[:-1] + "a"
    if name.endswith("s"):
        return name[:-1] + "kse", name[:-1] + "kse"
    if name[-1] not in "aeiouyäö":
        return name + "i", name + "i"
    for strong, weak in (("kk", "k"), ("pp", "p"), ("tt", "t"), ("nt", "nn"), ("lt", "ll")):
        if name[:-1].endswith(strong):
            return name[:-3] + weak + name[-1], name
    return name, name
