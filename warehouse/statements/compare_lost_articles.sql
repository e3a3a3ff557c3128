select was.url
from older.main.articles as was
anti join articles using (article_id)
order by was.url;
