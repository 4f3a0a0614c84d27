from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class LetterSettings(BaseModel):
    """Letters to debtors: how they are sent, where contacts and answers come from."""

    model_config = ConfigDict(frozen=True)

    smtp_url: SecretStr | None = Field(
        None,
        description="Mail server that letters to debtors go through: smtp://host:25, smtps://user:pass@host:465,"
        " or smtp+starttls://; without it they wait.",
    )
    smtp_timeout_seconds: float = Field(
        8.0, gt=0, le=9, description="How long the mail server may take; the store is held meanwhile."
    )
    contact_seconds: float = Field(
        10.0, gt=0, le=60, description="How long a source of contacts on the web may take to answer."
    )
    places_key: SecretStr | None = Field(
        None,
        description="Google Places: numbers of parties whose claims are of tier high; without it, not asked.",
    )
    places_url: str = Field("https://places.googleapis.com/v1", description="Where Google Places answers.")
    yelp_key: SecretStr | None = Field(None, description="Yelp, asked after Google; without it, not asked.")
    yelp_url: str = Field("https://api.yelp.com/v3", description="Where Yelp answers.")
    read_websites: bool = Field(
        False, description="Read a party's own website for its number: front page, contact, imprint."
    )
    hunter_key: SecretStr | None = Field(
        None, description="Hunter: addresses of a party's finance department; without it, not asked."
    )
    hunter_url: str = Field("https://api.hunter.io/v2", description="Where Hunter answers.")
    apollo_key: SecretStr | None = Field(
        None, description="Apollo, asked after Hunter; without it, not asked."
    )
    apollo_url: str = Field("https://api.apollo.io/v1", description="Where Apollo answers.")
    replies_from: str = Field(
        "", description="Folder of .eml or .mbox files in which answers to letters lie; nothing is removed."
    )
    imap_url: SecretStr | None = Field(
        None,
        description="Mailbox in which answers to letters lie: imaps://USER:PASSWORD@HOST/FOLDER; it is read,"
        " and nothing in it is marked or removed.",
    )
    letters_from: str = Field(
        "", description="Their sender; empty: the entity's address in the sources file."
    )
    preferences_url: str = Field(
        "", description="Where recipients say what they want to get: letters link to it."
    )
