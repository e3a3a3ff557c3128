-- A row of paragraphs belongs to an article that isn't there.

select paragraphs.article_id as offender
from paragraphs
inner join checked_articles using (article_id)
anti join articles using (article_id);
