"""Word lists of our own: names that are also words, short forms of names, titles, and words that start a cue."""

NAME_WORDS = frozenset(
    """
    abbey amber angel april ash aspen august autumn bay bear belle berry bill bird bishop blade blossom blue bob
    bonnie booker brook brooke bud buddy buster carol cash chance chase cherry chip christian clay clement cliff
    clover colt constance coral cosmo cruz crystal daisy dale dawn dean destiny diamond dixie dolly drew duke
    earl eden elder ember fable faith fern finch flora forest forrest fox frank frost gale garnet gem gene
    ginger glen glory grace grant gray grey guy hale happy harmony haven hazel heath heather hero holly honey
    hope hunter iris ivy jack jade jasper jay jean jet jewel joy jude june juniper kay kit lake lane lark laurel
    leaf lee liberty lily link lotus love lucky luna major maple marina marine mark marsh mason matt may maya
    meadow mercy merit merry mick mike miles mill milo mina misty mo morgan myrtle nick noble noel nova ocean
    olive opal ora page paige pansy pat patience paul peace pearl penny petal peter phoenix pierce pip piper
    pippa pop poppy precious primrose prince princess prudence queenie rain raven ray rayne red reed reef rich
    river rob robin rocky rod rose rosemary rowan royal ruby rue rusty sage sailor sandy saul scarlet scout
    shane sharon sienna sky skye sol sonny spencer spring star stella stone storm sue summer sunny tansy temple
    terry theo tiger tilly tony topaz trinity troy tulip una usher vale van venus vera verity victor victory
    viola violet wade walker ward warren wave west wilder will willow winter wolf wren young zen zion
    """.split()
)

SURNAME_WORDS = frozenset(
    """
    abbott archer baker ball banks barber barker barrow bath beach bell berry best bishop black bloom bolt bond
    booth bowler bowman bridge bridges bright brook brooks brown burn burns bush butcher butler butt cannon
    carpenter carr carter case castle chambers chance chapel chapman chase church clay cliff close coach cole
    coleman collier cook cooper court cox craft crane cross crow dale day dean dear dickens down downs drake
    draper drew driver duke dunn dyer early east eastwood english farmer farrow fern field fields finch fisher
    fleet fletcher flint flood flower ford foreman forest forester forrest foster fox francis franks freeman
    french friend frost fuller gale gamble garden gardener gardner garland gates gay glass glover gold golding
    good goodman grant graves gray green grey griffin grove gunn hale hall hand hardy hare harper harrison hart
    hawk hawkins hay hayes head heath hill hills hood hook hope horn horne house hunt hunter hurst iron jewel
    judge keen key king kings kitchen knight lake lamb lane lark law lawn lead leaf little lock lodge long lord
    love low lowe mann march marina marks marsh marshall mason masters may meadows miles mill miller mills monk
    moon moor moore morning moss mount mountain music nash neal new newman nice night noble north oak oakes
    oliver page pages paine painter palmer park parker parks parry parson parsons peacock pearl peel penny perry
    pike pitt place plant play pole pond pool poole pope porter potter potts powers price pride prince prior
    proctor quick quill rain ray read reader reed rich rider ring rivers roads robin rock rood rose rowe rush
    russell ryder sadler sage salt sands sargent savage saw sawyer sea seal sewell shade sharp sharpe shaw
    shepherd short silver singer skinner slater small smart smith snow spencer spring stable star steel steele
    stone storey storm street strong sugar summer summers sumner swan sweet swift tanner taylor temple thorn
    tiger tower towers town trainer turner tyler underwood vale vine wade wagner walker wall waller ward warden
    ware warner warren washer waters watt weaver webb weeks wells west white whitehead wild wilde wilder wing
    winter winters wise wolf wood woods wool worth wright yard york young
    """.split()
)

DIMINUTIVES: dict[str, tuple[str, ...]] = {
    "abigail": ("abi", "abby", "abbie", "gail"),
    "aisha": ("ayesha", "aysha"),
    "alexander": ("alex", "xander", "sandy", "sasha"),
    "alexandra": ("alex", "alexa", "lexi", "sasha", "sandra"),
    "alfred": ("alfie", "alf", "fred"),
    "amelia": ("millie", "milly", "mia", "amy", "melia"),
    "andrew": ("andy", "drew"),
    "anthony": ("tony", "ant"),
    "archibald": ("archie",),
    "arthur": ("art", "artie"),
    "barnaby": ("barney",),
    "benjamin": ("ben", "benny", "benji"),
    "bethany": ("beth",),
    "catherine": ("cathy", "kate", "katie", "cat", "katy"),
    "charles": ("charlie", "chas", "chuck"),
    "charlotte": ("charlie", "lottie", "lotte"),
    "christopher": ("chris", "kit", "topher"),
    "daniel": ("dan", "danny"),
    "david": ("dave", "davey", "dai"),
    "dominic": ("dom",),
    "edward": ("ed", "eddie", "ted", "teddy", "ned"),
    "eleanor": ("ellie", "nell", "nora", "elle"),
    "elizabeth": ("liz", "lizzie", "beth", "betsy", "libby", "eliza", "lily", "betty", "elsie"),
    "emily": ("em", "emmy", "millie"),
    "ezekiel": ("zeke",),
    "florence": ("flo", "florrie", "flossie"),
    "frances": ("fran", "frankie"),
    "francis": ("frank", "frankie"),
    "frederick": ("fred", "freddie", "freddy"),
    "gabriel": ("gabe",),
    "gabriella": ("gabby", "ella"),
    "george": ("georgie",),
    "georgina": ("georgie", "gina"),
    "grace": ("gracie",),
    "gwendolen": ("gwen",),
    "hannah": ("han",),
    "harriet": ("hattie", "harri"),
    "harrison": ("harry",),
    "henry": ("harry", "hal", "hank"),
    "isaac": ("zac", "ike"),
    "isabella": ("izzy", "bella", "issy", "bel"),
    "isabelle": ("izzy", "belle", "issy"),
    "jack": ("jackie",),
    "jacob": ("jake", "jakob"),
    "james": ("jim", "jimmy", "jamie"),
    "jennifer": ("jen", "jenny"),
    "jessica": ("jess", "jessie"),
    "john": ("johnny", "jon", "jack"),
    "jonathan": ("jon", "jonny"),
    "joseph": ("joe", "joey"),
    "joshua": ("josh",),
    "katherine": ("kate", "katie", "kathy", "kat", "kit", "katy"),
    "leonard": ("leo", "len", "lenny"),
    "lucy": ("luce",),
    "madeleine": ("maddie", "maddy"),
    "margaret": ("maggie", "meg", "peggy", "daisy"),
    "matilda": ("tilly", "tillie", "mattie"),
    "matthew": ("matt", "matty"),
    "maximilian": ("max",),
    "michael": ("mike", "micky", "mick"),
    "mohammed": ("mohammad", "muhammad", "muhammed", "mohamed", "mohamad", "mo", "mohd"),
    "nathaniel": ("nate", "nat", "nathan"),
    "nicholas": ("nick", "nicky"),
    "oliver": ("ollie", "olly"),
    "olivia": ("liv", "livvy", "ollie"),
    "oluwaseun": ("seun",),
    "patrick": ("pat", "paddy"),
    "penelope": ("penny",),
    "peter": ("pete",),
    "philippa": ("pippa", "pip"),
    "poppy": ("pops",),
    "rebecca": ("becky", "becca", "bex"),
    "richard": ("rich", "rick", "ricky", "dick"),
    "robert": ("rob", "bob", "bobby", "robbie", "bertie"),
    "rosemary": ("rosie", "rose"),
    "samantha": ("sam", "sammy"),
    "samuel": ("sam", "sammy"),
    "sophia": ("sophie", "soph"),
    "stephen": ("steve", "stevie"),
    "susannah": ("susie", "sue", "suzie"),
    "theodore": ("theo", "ted", "teddy"),
    "thomas": ("tom", "tommy"),
    "timothy": ("tim", "timmy"),
    "victoria": ("vicky", "tori"),
    "william": ("will", "bill", "billy", "willy", "liam"),
    "zachary": ("zac", "zach", "zak"),
}

TITLES = frozenset(
    """
    dr father governor headteacher madam miss mr mrs ms mx prof professor rev reverend sir sister
    """.split()
)

PARTICLES = frozenset(
    """
    al ap bin bint da dal de del den der des di do dos du el ibn la le los ní o of ten ter the van von y
    """.split()
)

AFTER_WORD: dict[str, frozenset[str]] = {
    "will": frozenset(
        """
    all any anyone be begin everyone have he help i it make need not open our parents pupils run school she
    someone start take that the there they this tomorrow we you your
    """.split()
    ),
    "may": frozenset(
        """
    all bank be day fair half he i it our pole she term the there they this we you your
    """.split()
    ),
    "hope": frozenset(
        """
    all everyone for is it our that the this to we you your
    """.split()
    ),
    "mark": frozenset(
        """
    it off our out the this up your
    """.split()
    ),
    "bill": frozenset(["for", "of", "the"]),
    "grant": frozenset(
        """
    for from of to us
    """.split()
    ),
    "summer": frozenset(
        """
    activities ball camp club concert fair fayre fete holiday holidays is reading school show term uniform
    """.split()
    ),
    "spring": frozenset(
        """
    concert fair fayre flowers half has holidays is term
    """.split()
    ),
    "autumn": frozenset(
        """
    fair half has is leaves term walk
    """.split()
    ),
    "winter": frozenset(
        """
    coats concert fair fayre has is term uniform wonderland
    """.split()
    ),
    "may's": frozenset(),
}

BEFORE_WORD: dict[str, frozenset[str]] = {
    "may": frozenset(
        """
    and by early from in last late mid next of on since this till to until
    """.split()
    ),
    "april": frozenset(
        """
    and by early from in last late mid next of on since this till to until
    """.split()
    ),
    "june": frozenset(
        """
    and by early from in last late mid next of on since this till to until
    """.split()
    ),
    "august": frozenset(
        """
    and by early from in last late mid next of on since this till to until
    """.split()
    ),
    "summer": frozenset(
        """
    in last next our the this
    """.split()
    ),
    "spring": frozenset(
        """
    in last next our the this
    """.split()
    ),
    "autumn": frozenset(
        """
    in last next our the this
    """.split()
    ),
    "winter": frozenset(
        """
    in last next our the this
    """.split()
    ),
}
"""Neighbours that make a word a word: without them it may be somebody's name."""
