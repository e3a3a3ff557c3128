-- A row of paragraphs belongs to an article that isn't there.

select new_paragraphs.article_id as offender
from new_paragraphs
anti join new_articles using (article_id);
