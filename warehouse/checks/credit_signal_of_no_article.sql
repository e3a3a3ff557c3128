-- A row of credit_signals belongs to an article that isn't there.

select credit_signals.article_id as offender
from credit_signals
inner join checked_articles using (article_id)
anti join articles using (article_id);
