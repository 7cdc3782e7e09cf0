"""Reads the simple commands out of lines of bash, also those inside of `$(…)`, without running any of them."""

from __future__ import annotations

import re

# What may stand before a command without being one.
RESERVED = {"if", "then", "else", "elif", "fi", "while", "until", "do", "done", "{", "}", "!", "time", "export", "local", "eval"}
# Stands for what only a run could know. It is a text, a number, and long enough for an ARN.
UNKNOWN = "1" * 40


def commands(text: str) -> list[list[str]]:
    """Every simple command as its words, in the order in which they end."""
    reader = Reader(text)
    reader.read_list("")
    return reader.found


class Reader:
    """One pass over the text."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.found: list[list[str]] = []
        self.documents: list[str] = []

    def peek(self, length: int = 1) -> str:
        return self.text[self.at : self.at + length]

    def take(self, pattern: str) -> str:
        """What matches here, and goes past it; nothing if it does not."""
        match = re.compile(pattern, re.DOTALL).match(self.text, self.at)
        if not match:
            return ""
        self.at = match.end()
        return match[0]

    def read_list(self, end: str) -> None:
        """Commands up to the closing sign, or to the end of the text."""
        words: list[str] = []
        while self.at < len(self.text):
            if end and self.peek() == end:
                self.at += 1
                break
            if self.take(r"[ \t]+|\\\n") or (self.peek() == "#" and self.take(r"[^\n]*")):
                continue
            if self.take(r"\n"):
                self.skip_documents()
                words = self.ended(words)
            elif here := self.take(r"<<-?[ ]*['\"]?\w+['\"]?"):
                self.documents.append(here.strip("<- '\""))
            elif self.take(r"&>|[0-9]*(>>|>&|<&|<>|<<<|>|<)(?!\()"):
                self.take(r"[ \t]+")
                self.read_word(end)
            elif self.take(r"&&|\|\||;;|[;|&]"):
                words = self.ended(words)
            elif self.peek() == "(":
                self.at += 1
                self.read_list(")")
            else:
                words.append(self.read_word(end))
        self.ended(words)

    def ended(self, words: list[str]) -> list[str]:
        while words and (words[0] in RESERVED or re.match(r"\w+=", words[0])):
            words = words[1:]
        if words:
            self.found.append(words)
        return []

    def skip_documents(self) -> None:
        for name in self.documents:
            self.take(rf".*?^{name}$\n?".replace("^", r"(?m:^)"))
        self.documents.clear()

    def read_word(self, end: str) -> str:
        start, word = self.at, ""
        while self.at < len(self.text) and not (self.peek() in " \t\n;|&" or (end and self.peek() == end)):
            if self.peek() == "'":
                word += self.take(r"'[^']*'")[1:-1]
            elif self.peek() == '"':
                self.at += 1
                word += self.read_quoted()
            elif self.peek(2) in ("<(", ">("):
                self.at += 2
                self.read_list(")")
                word += "/dev/null"
            elif self.peek() in "()<>":
                break
            else:
                word += self.read_part()
        if self.at == start:
            raise ValueError(f"can't read on at: {self.text[start : start + 60]!r}")
        return word

    def read_quoted(self) -> str:
        text = ""
        while self.at < len(self.text) and self.peek() != '"':
            if escaped := self.take(r'\\[\\"$`]'):
                text += escaped[1]
            elif self.take(r"\\\n"):
                continue
            else:
                text += self.read_part()
        self.at += 1
        return text

    def read_part(self) -> str:
        """What means the same with quotes and without."""
        if self.take(r"\$\(\([^)]*\)\)"):
            return UNKNOWN
        if self.take(r"\$\("):
            self.read_list(")")
            return UNKNOWN
        if self.take(r"\$\{[^}]*\}|\$[\w@*#?!]"):
            # A name of several letters goes on.
            self.take(r"\w*")
            return UNKNOWN
        return self.take(r"\\.").removeprefix("\\") or self.take(r".")
