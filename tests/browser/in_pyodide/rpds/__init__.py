"""The three containers that `referencing` takes from rpds-py, which is written in Rust."""
# mypy: ignore-errors

__version__ = "0.30.0"


class HashTrieMap(dict):
    @classmethod
    def convert(cls, value):
        return cls(value)

    def insert(self, key, value):
        return HashTrieMap({**self, key: value})

    def remove(self, key):
        return HashTrieMap({each: value for each, value in self.items() if each != key})

    def update(self, *others):
        return HashTrieMap({key: value for each in (self, *others) for key, value in each.items()})

    __hash__ = object.__hash__


class HashTrieSet(frozenset):
    def insert(self, value):
        return HashTrieSet({*self, value})

    def remove(self, value):
        return HashTrieSet(self - {value})

    def update(self, *others):
        return HashTrieSet(self.union(*others))


class List(tuple):
    __slots__ = ()

    def push_front(self, value):
        return List((value, *self))
