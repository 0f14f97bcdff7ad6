"""Our own blocklist: passwords and the words people build them of. Other layouts and Latin letters are made by code."""

COMMON = """
password passw0rd password1 password123 passwd pass1234 p@ssw0rd p@ssword pa55word pass word welcome welcome1 letmein
login admin administrator root user guest test testtest test1234 demo default changeme change secret secret1 private
master access hello hello123 hallo iloveyou loveyou love lovely sunshine princess dragon monkey shadow superman batman
spiderman football baseball basketball hockey soccer killer hunter ranger buster trustno1 whatever freedom flower
summer winter spring autumn monday sunday january december cookie chocolate cheese banana orange apple pepper ginger
computer internet server system windows linux google yandex facebook twitter vkontakte mailru gmail samsung iphone
android nokia mustang ferrari mercedes porsche toyota jordan michael jessica jennifer ashley daniel thomas robert
charlie andrew matthew joshua george harley maggie tigger snoopy pokemon naruto starwars matrix merlin phoenix blink182
qwerty qwerty1 qwerty12 qwerty123 qwertyuiop qwert qazwsx qazwsxedc 1qaz2wsx zaq12wsx zaq1 asdf asdfgh asdfghjkl zxcv
zxcvbn zxcvbnm q1w2e3r4 q1w2e3r4t5 q1w2e3 1q2w3e4r 1q2w3e4r5t 1q2w3e a1b2c3d4 a1b2c3 abc123 abcd1234 abcdef
123456 1234567 12345678 123456789 1234567890 12345 1234 123123 123321 654321 987654321 0987654321 111111 000000 222222
333333 555555 666666 777777 888888 999999 112233 121212 131313 159753 147258369 123qwe qwe123 123abc 123asd zxc123
159357 258456 741852963 789456123 102030 100200 11223344 1029384756 2020 2021 2022 2023 2024 2025 2026 2027
1980 1981 1982 1983 1984 1985 1986 1987 1988 1989 1990 1991 1992 1993 1994 1995 1996 1997 1998 1999 2000 2001 2002
parol parol123 parol1 paroli privet privet123 marina natasha nastya nastia svetlana tatyana tatiana elena olga irina
anna maria ekaterina katya kristina anastasia yulia julia alexander aleksandr sasha sergey sergei andrey andrei dmitry
dima maxim maksim vladimir vova mikhail misha nikita ivan ivanov denis artem roman pavel igor oleg kolya nikolay
viktor victor victoria viktoria alina polina sofia zvezda solnce solnyshko lubov lyubov lubimaya lubimyi kotik kotenok
koshka sobaka zaika zayka zaychik malysh mama papa mamapapa semya russia rossiya moskva moscow spartak dinamo cska
zenit lokomotiv piter saratov samara kazan sibir school shkola uchitel teacher direktor director klass class pupil
student kabinet cabinet education obrazovanie gimnazia litsey mosedu
пароль пароли пароль1 пароль123 парольчик секрет секретно секретный привет привет123 здравствуй здравствуйте
админ администратор пользователь логин доступ войти вход тест тестовый проверка любовь любимая любимый люблю
люблютебя ятебялюблю солнце солнышко солнышко123 звезда звездочка котик котенок кошка собака зайка зайчик малыш
малышка мама папа мамочка папочка мамапапа семья семьясемь дети ребенок сынок доченька россия москва петербург
питер казань самара саратов сибирь спартак динамо зенит локомотив победа свобода весна лето осень зима январь февраль
март апрель июнь июль август сентябрь октябрь ноябрь декабрь понедельник вторник среда четверг пятница суббота
воскресенье школа школьный учитель учительница директор завуч класс ученик ученица урок уроки журнал дневник кабинет
гимназия лицей образование департамент наташа настя светлана татьяна елена ольга ирина анна мария екатерина катя
кристина анастасия юлия александр саша сергей андрей дмитрий дима максим владимир вова михаил миша никита иван иванов
денис артем роман павел игорь олег коля николай виктор виктория алина полина софия марина
йцукен йцукенг йцукенгшщзхъ йцуке йцук фывапролджэ фывапролд фыва ячсмить ячсмитьбю ячсм йфяцыч йцу123 123йцу
август аврора автобус адмирал академия алла альбина альфа ангел ангелина антон арина армия арсенал баба бабочка
бабушка байкал барсик береза биология богатырь боженька божечки братан валентина валера валерия варвара василий
василиса вася вероника вишенка внучка волга волк воробей восток вселенная галина гениальный геннадий география геометр
геометрия герман городок господь григорий даша девочка дедушка деканат диана динозавр доброе добрый дождик доктор
домик дракон другой дружба евгений евгения егор екатеринбург жанна жасмин женька жизнь журавль завтра заяц зеленый
земля зинаида златоуст змея игорек изумруд илья имя инна история каникулы карина картошка катюша кирилл клубника кобра
королева королевство космос красавица красный крокодил ксения кузнецов лапочка лариса лебедь лера лето2024 лиза лилия
лисичка литература любава людмила лягушка майка макс малина марат маргарита масяня математика матрица медведь мечта
милана милый мишка молоко мороз моялюбовь мурзик мурка мышка надежда надя нина новосибирск океан оксана олимпиада оля
отличник пантера петр петров пирожок планета подсолнух полковник попова президент принцесса природа раиса ракета
родина рома ромашка россия1 русский рустам рыбка самсунг света семен серега сережа сибирь1 сидоров слава смирнов
снегурочка снежинка снежок собачка совенок сокол солнечный соня спорт станислав стас степан счастье тамара таня тигр
тимофей тимур удача ульяна урал фиалка физика филипп футбол химия хоккей хомяк цветок цветочек челси чемпион черный
шарик шоколад экзамен юра юрий яблоко ягода яна ярослав
"""
