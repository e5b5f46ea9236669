/** Words that say how something is asked, not what: without marks and in lower case, as `foldMarks` leaves them. */
const lists: Readonly<Record<string, string>> = {
  et: `kuidas kus kuhu kust mis mida mille millal milline millise miks kes keda kelle kellele kas kui ja voi ning ega et
    on ei ole oli olen oleme oled olete saab saan saada saaks saame saate peab pean peame pidi tuleb tuleks tahan tahame
    soovin soovime soovib voib voin voime vaja vajan mul mulle mu minu ma me meie meil meile oma ta tema tal talle nad
    neil see seda selle selleks sellega need neid siin seal siis nuud veel ka aga kuid juba ainult vaid palju mitu
    teha teen teeme teen teeb tegema minna lahen laheb saama olema vota votta pane panna uks uhe keegi midagi miski
    millega milleks mille jaoks kohta ule alla enne parast peale koos ilma kaudu ma te teie teil teile edasi kirjutada
    mingi moni koik iga kaua tihti siia sinna tere palun aitah`,
  en: `how what where when which who whom whose why do does did can could should would will shall may might must is are
    was were be been being am i me my we our us you your he she it its they them their this that these those there here
    a an the and or but if then so of in on at to for from with by about as into not no need needs want wants get got
    getting have has had make made take go going please thanks hello hi any some much many more also just still now
    after before im ive dont cant s t m re ve ll something someone anyone anything does one long often far`,
  ru: `как где куда откуда что чего чему чем кто кого кому кем какой какая какие какую когда почему зачем сколько ли и или
    а но если то не нет ни да на в во с со к ко у о об от до за из по для при без под над через про мне меня мой моя мое
    мои моего моей мы нас нам наш вы вас вам ваш он она оно они его ее их ему ей им это этот эта эти этого того той там
    тут здесь надо нужно нужна нужен нужны можно нельзя могу может хочу хотим хочет есть быть был была были будет буду
    сделать делать получить ли же бы еще уже только очень себя свой свою своего долго часто пожалуйста спасибо здравствуйте`,
  ar: `كيف ماذا ما متي اين من هل لماذا كم اي هذا هذه ذلك تلك في علي الي عن مع انا نحن هو هي هم لي لنا ان او ثم اذا لا
    لم لن قد كان يمكن يمكنني اريد يجب احتاج بعد قبل عند`,
};

export const stopWords: Readonly<Record<string, ReadonlySet<string>>> = Object.fromEntries(
  Object.entries(lists).map(([language, words]) => [
    language,
    new Set(words.split(/\s+/).map((word) => word.normalize('NFKD').replace(/\p{M}/gu, ''))),
  ]),
);

/** Words for a kind of paper or step, which say little of what it is about: a licence may be one to drive or to fish. */
const kinds: Readonly<Record<string, string>> = {
  et: 'luba load lubada loa tunnistus taotlus taotleda taotlemine avaldus eksam dokument vormistada osta muua',
  en: 'permit permission licence license certificate exam application apply document transfer buy sell',
  ru: 'разрешение билет экзамен заявление справка документ оформить купить продать',
};

export const kindWords: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(kinds).map(([language, words]) => [language, words.split(' ')]),
);
