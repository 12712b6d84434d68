"""More languages for `worth_words.py`, with shorter lists."""

from __future__ import annotations

from collections.abc import Mapping

from jobs.intake.worth_words import Words, phrases

MORE_WORDS: Mapping[str, Words] = {
    "es": {
        "attribution": phrases(
            "dijo, dice, dicen, afirma, afirmó, asegura, aseguró, anuncia, anunció, confirma, confirmó,"
            "denuncia, según, niega"
        ),
        "change": phrases(
            "subió, sube, bajó, baja, aumentó, creció, murió, muertos, heridos, detenido*, aprobó, ganó, perdió, costó"
        ),
        "quantity": phrases(
            "por ciento, cien, cientos, mil, miles, millón, millones, mitad, doble, dos, tres, cuatro,"
            "cinco, seis, siete,"
            "ocho, nueve, diez, veinte, treinta"
        ),
        "comparison": phrases(
            "más de, menos de, más que, menos que, mayor, menor, por primera vez, récord, el más, la más"
        ),
        "promise": phrases("vamos a, voy a, queremos, quiero, haremos, será, seremos, ojalá, espero, esperamos"),
        "self": phrases("yo, me, mi, mis, soy, estoy, he"),
        "hedge": phrases("quizá, quizás, tal vez, puede que, podría, podrían, posible*, probable*, parece, presunt*"),
        "opinion": phrases("creo, creemos, en mi opinión, debe, deben, debería*, hay que, lamentable*, mejor, peor"),
        "denial": phrases("no mencionó, no comentó, sin pruebas, no hay pruebas, no hay evidencia*, no dijo"),
    },
    "pt": {
        "attribution": phrases(
            "disse, diz, afirma, afirmou, anunciou, confirmou, negou, segundo, de acordo com, alega"
        ),
        "change": phrases(
            "subiu, caiu, aumentou, cresceu, morreu, mortos, feridos, preso*, aprovou, ganhou, perdeu, custou"
        ),
        "quantity": phrases(
            "por cento, cem, centenas, mil, milhares, milhão, milhões, bilhão, bilhões, metade, dobro, dois, três, dez"
        ),
        "comparison": phrases("mais de, menos de, mais que, do que, maior, menor, pela primeira vez, recorde"),
        "promise": phrases("vamos, vou, queremos, quero, faremos, será, tomara, espero"),
        "self": phrases("eu, me, meu, minha, meus, minhas, sou, estou"),
        "hedge": phrases("talvez, pode ser, poderia*, possível, possivelmente, provavelmente, parece, supost*"),
        "opinion": phrases("acho, acredito, na minha opinião, deve, devem, deveria*, infelizmente, melhor, pior"),
        "denial": phrases("não mencionou, não comentou, sem provas, não há provas, não há evidências, não disse"),
    },
    "fr": {
        "attribution": phrases(
            "dit, a dit, affirme, a affirmé, annonce, a annoncé, confirme, a confirmé, dément, selon, d'après, accuse"
        ),
        "change": phrases(
            "augmenté, baissé, doublé, tué, tués, morts, mort, blessé*, arrêté*, voté, gagné, perdu, coûte, coûté"
        ),
        "quantity": phrases(
            "pour cent, cent, centaines, mille, milliers, million, millions, milliard*, moitié, double,deux, trois, dix"
        ),
        "comparison": phrases(
            "plus de, moins de, plus que, moins que, le plus, la plus, pour la première fois, record"
        ),
        "promise": phrases("va, vais, allons, voulons, veux, ferons, sera, espère, espérons"),
        "self": phrases("je, j'ai, me, moi, mon, ma, mes, suis"),
        "hedge": phrases("peut être, pourrait, pourraient, possible*, probable*, semble, aurait, serait, présumé*"),
        "opinion": phrases(
            "je pense, je crois, nous pensons, à mon avis, doit, doivent, devrait, faut, malheureusement"
        ),
        "denial": phrases("n'a pas mentionné, pas de commentaire*, aucune preuve, pas de preuve*, n'a pas dit"),
    },
    "de": {
        "attribution": phrases(
            "sagte, sagt, erklärte, behauptet, behauptete, bestätigte, berichtet, berichtete, laut, zufolge, dementiert"
        ),
        "change": phrases(
            "stieg, sank, gestiegen, gesunken, verdoppelt, getötet, tote, verletzt*, verhaftet, gewann, verlor, kostet"
        ),
        "quantity": phrases(
            "prozent, hundert*, tausend*, million*, milliarde*, hälfte, doppelt, zwei, drei, vier, fünf, zehn"
        ),
        "comparison": phrases("mehr als, weniger als, höher als, am meisten, erstmals, zum ersten mal, rekord*"),
        "promise": phrases("wird, werden, werde, wollen, will, hoffe, hoffen, hoffentlich"),
        "self": phrases("ich, mich, mir, mein, meine, meiner, bin"),
        "hedge": phrases(
            "vielleicht, könnte, könnten, möglicherweise, wahrscheinlich, scheint, angeblich, mutmaßlich*"
        ),
        "opinion": phrases("ich denke, ich glaube, wir glauben, meiner meinung, soll, sollte*, muss, müssen, leider"),
        "denial": phrases("nicht erwähnt, keine beweise, kein beweis, kein kommentar, sagte nicht"),
    },
    "nl": {
        "attribution": phrases(
            "zei, zegt, zeggen, meldt, meldde, beweert, bevestigt, bevestigde, volgens, ontkent, aldus"
        ),
        "change": phrases(
            "steeg, daalde, gestegen, gedaald, verdubbeld, gedood, doden, overleden, gewond*,"
            "gearresteerd, verloor, kost"
        ),
        "quantity": phrases(
            "procent, honderd*, duizend*, miljoen*, miljard*, helft, dubbel*, twee, drie, vier, vijf, tien"
        ),
        "comparison": phrases("meer dan, minder dan, hoger dan, de meeste, voor het eerst, record*"),
        "promise": phrases("zal, zullen, gaan, gaat, willen, wil, hoop, hopelijk"),
        "self": phrases("ik, mij, me, mijn, ben"),
        "hedge": phrases("misschien, zou, zouden, mogelijk, waarschijnlijk, lijkt, blijkbaar, vermoedelijk"),
        "opinion": phrases("ik denk, ik vind, wij vinden, volgens mij, moet, moeten, helaas, beste, slechtste"),
        "denial": phrases("niet genoemd, geen bewijs, geen commentaar, zei niet"),
    },
    "tr": {
        "attribution": phrases(
            "dedi, diyor, açıkladı, duyurdu, belirtti, iddia*, doğruladı, yalanladı, göre, söyledi, suçladı"
        ),
        "change": phrases(
            "arttı, azaldı, yükseldi, düştü, öldü, ölen*, ölüm*, yaralı*, yaralandı, tutuklandı,"
            "yasaklandı, kazandı, kaybetti"
        ),
        "quantity": phrases(
            "yüzde, yüz, yüzlerce, bin, binlerce, milyon*, milyar*, yarısı, iki, üç, dört, beş, on, yirmi, otuz"
        ),
        "comparison": phrases("daha fazla, daha az, en çok, en az, en büyük, en yüksek, ilk kez, ilk defa, rekor"),
        "promise": phrases("olacak, edecek, yapacak, istiyoruz, istiyorum, umarım, inşallah"),
        "self": phrases("ben, bana, beni, benim, kendim"),
        "hedge": phrases("belki, olabilir, galiba, muhtemelen, sanırım, herhalde, edilebilir"),
        "opinion": phrases("bence, bana göre, düşünüyorum, inanıyorum, gerek, gerekir, lazım, maalesef, keşke"),
        "denial": phrases("kanıt yok, delil yok, yorum yapmadı, bahsetmedi, açıklama yapmadı"),
    },
    "ru": {
        "attribution": phrases(
            "сказал*, заявил*, сообщил*, сообщает, подтвердил*, отрица*, обвинил*, утвержда*, по словам,"
            "согласно, по данным"
        ),
        "change": phrases(
            "вырос*, упал*, увелич*, снизил*, погиб*, убит*, умер*, ранен*, арестован*, запретил*, выиграл*, потерял*"
        ),
        "quantity": phrases(
            "процент*, сто, сотн*, тысяч*, миллион*, миллиард*, половин*, вдвое, два, две, три, четыре, пять, десять"
        ),
        "comparison": phrases("больше чем, более, менее, выше чем, самый, самая, самое, впервые, рекорд*"),
        "promise": phrases("будет, будут, будем, буду, хотим, хочу, надеюсь, надеемся"),
        "self": phrases("я, меня, мне, мой, моя, мои"),
        "hedge": phrases("возможно, может, могут, мог бы, вероятно, наверное, кажется, якобы, предположительно"),
        "opinion": phrases("я думаю, я считаю, мы считаем, по моему, должен, должны, нужно, надо, к сожалению"),
        "denial": phrases("не упомянул*, нет доказательств, без комментариев, не сообщил*, не прокомментировал*"),
    },
    "bg": {
        "attribution": phrases(
            "каза, заяви, съобщи, съобщават, обяви, потвърди, отрече, обвини, твърди, според, по думите, по данни"
        ),
        "change": phrases(
            "нарасна, спадна, увеличи, намаля, почина*, загина*, убит*, ранен*, арестуван*, забрани, спечели, загуби"
        ),
        "quantity": phrases(
            "процент*, сто, стотици, хиляд*, милион*, милиард*, половината, двойно, два, две, три, четири, пет, десет"
        ),
        "comparison": phrases("повече от, по малко от, над, най много, най голям*, най висок*, за първи път, рекорд*"),
        "promise": phrases("ще, искаме, искам, надявам се, надяваме се, нека"),
        "self": phrases("аз, мен, ми, мой, моя, моята, съм"),
        "hedge": phrases("може би, може, могат, вероятно, възможно, изглежда, сигурно, предполагаем*"),
        "opinion": phrases("мисля, смятам, според мен, трябва, за съжаление, най добър*"),
        "denial": phrases("не спомена, няма доказателств*, без коментар, не коментира, не каза"),
    },
    "id": {
        "attribution": phrases(
            "kata, mengatakan, menyatakan, mengumumkan, mengonfirmasi, membantah, menuduh, mengklaim,"
            "menurut, berdasarkan"
        ),
        "change": phrases(
            "naik, turun, meningkat, menurun, tewas, meninggal, terluka, ditangkap, dilarang, menang, kalah"
        ),
        "quantity": phrases(
            "persen, ratus*, seratus, ribu*, seribu, juta*, miliar*, triliun, setengah, dua, tiga, empat, lima, sepuluh"
        ),
        "comparison": phrases(
            "lebih dari, kurang dari, lebih tinggi, paling, terbesar, tertinggi, pertama kali, rekor"
        ),
        "promise": phrases("akan, ingin, mau, semoga, berharap, mari"),
        "self": phrases("saya, aku, gue"),
        "hedge": phrases("mungkin, barangkali, bisa jadi, diduga, kemungkinan, tampaknya, sepertinya"),
        "opinion": phrases("menurut saya, saya pikir, saya rasa, harus, sebaiknya, sayangnya"),
        "denial": phrases("tidak menyebut*, tidak ada bukti, tidak berkomentar, tanpa bukti"),
    },
}
