"""Who somebody is: one identity a person, sealed, unique for ever, changed one way."""
