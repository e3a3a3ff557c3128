-- A row of removed_blocks belongs to an article that isn't there.

select removed_blocks.article_id as offender
from removed_blocks
inner join checked_articles using (article_id)
anti join articles using (article_id);
