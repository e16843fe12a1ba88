// SPDX-License-Identifier: Apache-2.0

extension LanguageTag {
  /// The canonical code for each other code, from ISO 639 and the aliases of BCP 47 and CLDR.
  static let aliases: [String: (language: String, script: String?)] = {
    var table: [String: (language: String, script: String?)] = [:]
    for pair in "\(threeLetterCodes) \(bibliographicCodes) \(usualMembers) \(retiredCodes)"
      .split(whereSeparator: \.isWhitespace)
    {
      let sides = pair.split(separator: "=")
      let target = sides[1].split(separator: "-")
      table[String(sides[0])] = (String(target[0]), target.dropFirst().first.map(String.init))
    }
    return table
  }()

  /// The script that a language is usually written in; "Latn" unless known otherwise.
  static func usualScript(of language: String) -> String { usualScripts[language] ?? "Latn" }

  /// The code of three letters as FLORES-200 has it: of a macrolanguage's usual member, else ISO 639-3's.
  static func threeLetterCode(of language: String) -> String {
    individualCodes[language] ?? language
  }

  private static let individualCodes: [String: String] = {
    var table: [String: String] = [:]
    // Of several, the first stands; FLORES takes these four by the wider code.
    let wide = "est=et grn=gn zho=zh tgl=tl"
    for pair in "\(wide) \(usualMembers) \(threeLetterCodes)".split(whereSeparator: \.isWhitespace)
    {
      let sides = pair.split(separator: "=").map(String.init)
      if sides[0].utf8.count == 3, table[sides[1]] == nil { table[sides[1]] = sides[0] }
    }
    return table
  }()

  /// What a region says of Chinese.
  static let chineseScripts = [
    "CN": "Hans", "SG": "Hans", "MY": "Hans", "TW": "Hant", "HK": "Hant", "MO": "Hant",
  ]

  private static let usualScripts: [String: String] = {
    var table: [String: String] = [:]
    for line in scripts.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      for language in words.dropFirst() { table[language] = words[0] }
    }
    return table
  }()

  /// ISO 639-3 codes of languages that have one in ISO 639-1.
  private static let threeLetterCodes = """
    aar=aa abk=ab ave=ae afr=af aka=ak amh=am arg=an ara=ar asm=as ava=av aym=ay aze=az bak=ba bel=be
    bul=bg bis=bi bam=bm ben=bn bod=bo bre=br bos=bs cat=ca che=ce cha=ch cos=co cre=cr ces=cs chu=cu
    chv=cv cym=cy dan=da deu=de div=dv dzo=dz ewe=ee ell=el eng=en epo=eo spa=es est=et eus=eu fas=fa
    ful=ff fin=fi fij=fj fao=fo fra=fr fry=fy gle=ga gla=gd glg=gl grn=gn guj=gu glv=gv hau=ha heb=he
    hin=hi hmo=ho hrv=hr hat=ht hun=hu hye=hy her=hz ina=ia ind=id ile=ie ibo=ig iii=ii ipk=ik ido=io
    isl=is ita=it iku=iu jpn=ja jav=jv kat=ka kon=kg kik=ki kua=kj kaz=kk kal=kl khm=km kan=kn kor=ko
    kau=kr kas=ks kur=ku kom=kv cor=kw kir=ky lat=la ltz=lb lug=lg lim=li lin=ln lao=lo lit=lt lub=lu
    lav=lv mlg=mg mah=mh mri=mi mkd=mk mal=ml mon=mn mar=mr msa=ms mlt=mt mya=my nau=na nde=nd nep=ne
    ndo=ng nld=nl nno=nn nor=nb nbl=nr nav=nv nya=ny oci=oc oji=oj orm=om ori=or oss=os pan=pa pli=pi
    pol=pl pus=ps por=pt que=qu roh=rm run=rn ron=ro rus=ru kin=rw san=sa srd=sc snd=sd sme=se sag=sg
    sin=si slk=sk slv=sl smo=sm sna=sn som=so sqi=sq srp=sr ssw=ss sot=st sun=su swe=sv swa=sw tam=ta
    tel=te tgk=tg tha=th tir=ti tuk=tk tgl=tl tsn=tn ton=to tur=tr tso=ts tat=tt twi=tw tah=ty uig=ug
    ukr=uk urd=ur uzb=uz ven=ve vie=vi vol=vo wln=wa wol=wo xho=xh yid=yi yor=yo zha=za zho=zh zul=zu
    """

  /// The codes of ISO 639-2 that come from English names.
  private static let bibliographicCodes = """
    alb=sq arm=hy baq=eu bur=my chi=zh cze=cs dut=nl fre=fr geo=ka ger=de gre=el ice=is mac=mk mao=mi
    may=ms per=fa rum=ro slo=sk tib=bo wel=cy
    """

  /// The member that a macrolanguage's code usually means.
  private static let usualMembers = """
    arb=ar ayr=ay azj=az cmn=zh ekk=et fil=tl gaz=om gug=gn khk=mn kmr=ku knc=kr lvs=lv nob=nb no=nb
    npi=ne ory=or pbt=ps pbu=ps pes=fa plt=mg swh=sw uzn=uz ydd=yi zsm=ms als=sq
    """

  /// Codes that were withdrawn.
  private static let retiredCodes = """
    in=id iw=he ji=yi jw=jv mo=ro mol=ro sh=sr-Latn hbs=sr-Latn scr=hr scc=sr
    """

  private static let scripts = """
    Arab ar acm acq aeb ajp apc apd ars ary arz azb bal bcc bqi ckb fa glk khw ks lrc mzn pnb prs ps sd skr \
    ug ur
    Armn hy hyw
    Beng as bn bpy mni
    Cans cr iu
    Cher chr
    Copt cop
    Cyrl ab ady av ba be bg bua ce cu cv inh kbd kjh koi krc kk kv ky lbe lez mdf mhr mk mn mrj myv os ru \
    rue sah sr tg tt tyv udm uk xal
    Deva anp awa bgc bho brx doi gom hi hne kok mag mai mr ne new sa
    Ethi am gez ti tig
    Geor ka xmf
    Goth got
    Grek el grc pnt
    Gujr gu
    Guru pa
    Hans zh hak wuu
    Hant gan lzh yue
    Hebr arc he lad yi
    Jpan ja
    Khmr km
    Knda kn tcy
    Kore ko
    Laoo lo
    Mlym ml
    Mymr blk ksw mnw my shn
    Nkoo nqo
    Olck sat
    Orya or
    Sinh si
    Syrc syc syr
    Taml ta
    Telu te
    Tfng zgh
    Thaa dv
    Thai th
    Tibt bo dz
    Yiii ii
    """
}
