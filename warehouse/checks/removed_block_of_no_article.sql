-- A row of removed_blocks belongs to an article that isn't there.

select new_removed_blocks.article_id as offender
from new_removed_blocks
anti join new_articles using (article_id);
