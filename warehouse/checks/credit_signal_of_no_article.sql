-- A row of credit_signals belongs to an article that isn't there.

select new_credit_signals.article_id as offender
from new_credit_signals
anti join new_articles using (article_id);
