package smcp.session;

import smcp.contract.Account;
import smcp.contract.ChangeFeed;
import smcp.contract.ChangeLog;
import smcp.contract.EventLog;
import smcp.contract.ExchangeStore;
import smcp.contract.Gate;
import smcp.contract.Seal;
import smcp.contract.TenantCall;

/** The steps of a call behind classification (design §3), and the logs that legacy streams live from. */
public record LegacySteps(
        Gate gate,
        TenantCall route,
        Account account,
        Seal seal,
        ChangeFeed feed,
        ChangeLog changes,
        EventLog events,
        ExchangeStore exchanges) {}
