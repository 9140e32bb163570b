"""A third reading of the sentences of `undertaking_sentences`, by another reader.

UNDERTAKINGS holds the places (from 0) of the sentences read as undertakings; every other sentence
was read as none. The reader saw the sentences shuffled and alone, under the rule that stands at the
head of that module, before seeing either earlier reading or any cue of the rules.
"""

# fmt: off
UNDERTAKINGS = frozenset((
    2, 3, 4, 6, 7, 12, 13, 15, 17, 18, 19, 21, 22, 24, 28, 29, 31, 36, 38, 40, 42, 43, 46, 52,
    55, 58, 64, 68, 70, 72, 75, 80, 82, 87, 89, 90, 93, 97, 98, 103, 104, 105, 110, 113, 114,
    115, 116, 118, 120, 123, 124, 126, 129, 130, 131, 132, 133, 135, 136, 139, 140, 141, 142,
    144, 145, 148, 149, 151, 155, 158, 159, 165, 166, 167, 169, 172, 174, 175, 178, 181, 182,
    183, 185, 190, 192, 193, 194, 200, 205, 206, 208, 212, 213, 215, 216, 217, 219, 221, 223,
    225, 226, 227, 228, 235, 236, 238, 239, 241, 243, 246, 247, 248, 249, 250, 251, 253, 254,
    255, 256, 258, 259, 262, 263, 265, 271, 272, 275, 280, 281, 283, 286, 287, 288, 290, 291,
    293, 296, 298, 300, 301, 307, 308, 312, 313, 318, 324, 326, 331, 332, 334, 335, 340, 344,
    348, 350, 352, 356, 357, 360, 362, 364, 366, 367, 369, 370, 371, 375, 379, 380, 382, 385,
    386, 387, 390, 391, 392, 394, 397, 399, 400, 403, 404,
))
# fmt: on
