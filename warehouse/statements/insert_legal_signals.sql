-- Each statement once, with the time when it was first met.

insert into legal_signals (host, "at", signal, value, url)
select
    staged.host,
    min(staged."at") as first_met_at,
    staged.signal,
    staged.value,
    staged.url
from staged_legal_signals as staged
where
    not exists (
        select 1
        from legal_signals
        where
            legal_signals.host = staged.host
            and legal_signals.signal = staged.signal
            and legal_signals.value = staged.value
            and legal_signals.url is not distinct from staged.url
    )
group by
    staged.host,
    staged.signal,
    staged.value,
    staged.url;
