using System.Globalization;
using System.Text.Json;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.EntityFrameworkCore;
using MimeKit;
using NodaTime;
using NodaTime.Text;
using Notify.Client;
using Notify.Exceptions;
using OpenMash.Hub.Platform;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Jobs;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Hub.Platform.Record;
using OpenMash.Hub.Platform.Settings;
using OpenMash.Records.Contacts;
using OpenMash.Records.Work;

namespace OpenMash.Hub.Rooms.FrontDoor;

/// <summary>Configuration <c>Tell</c>: how messages leave. Without one, the demo writes to a file; a real hub sends nothing and says so.</summary>
internal sealed record TellOptions
{
    /// <summary><c>notify</c>, <c>smtp</c>, <c>log</c> or empty.</summary>
    public string Transport { get; init; } = "";

    public string? NotifyApiKey { get; init; }

    /// <summary>A template with the fields <c>subject</c> and <c>body</c>.</summary>
    public string? NotifyTemplateId { get; init; }

    public string? NotifyBaseUrl { get; init; }
    public string? SmtpHost { get; init; }
    public int SmtpPort { get; init; } = 587;
    public string? SmtpUser { get; init; }
    public string? SmtpPassword { get; init; }
    public string? SmtpFrom { get; init; }

    /// <summary>Off only for a relay on the same machine.</summary>
    public bool SmtpTls { get; init; } = true;

    public static TellOptions Read(IConfiguration configuration, HubOptions hub)
    {
        var options = configuration.GetSection("Tell").Get<TellOptions>() ?? new TellOptions();
        if (options.Transport.Length == 0 && hub.Mode == HubMode.Demo) options = options with { Transport = "log" };
        var missing = options.Transport switch
        {
            "notify" when string.IsNullOrEmpty(options.NotifyApiKey) => "Tell:NotifyApiKey",
            "notify" when string.IsNullOrEmpty(options.NotifyTemplateId) => "Tell:NotifyTemplateId",
            "smtp" when string.IsNullOrEmpty(options.SmtpHost) => "Tell:SmtpHost",
            "smtp" when string.IsNullOrEmpty(options.SmtpFrom) => "Tell:SmtpFrom",
            "notify" or "smtp" or "log" or "" => null,
            _ => throw new InvalidOperationException($"Tell:Transport is '{options.Transport}'. It must be notify, smtp or log, or be left out."),
        };
        return missing is null ? options : throw new InvalidOperationException($"Tell:Transport is {options.Transport}, but {missing} is not set.");
    }
}

/// <summary>One message on its way. It carries a reference and never a name.</summary>
internal sealed record TellMessage(Guid TellingId, string To, string Subject, string Body);

/// <summary>A way out of the hub. What it returns is what is known: sent, or told where arrival is certain.</summary>
internal interface ITellTransport
{
    Task<(TellingState State, string Note)> SendAsync(TellMessage message, CancellationToken ct);

    /// <summary>Asks what became of a message that was sent; null where nothing new is known.</summary>
    Task<(TellingState State, string Note)?> AskAsync(Guid tellingId, CancellationToken ct);
}

/// <summary>The demo's: a line in a file beside the record.</summary>
internal sealed class LogTransport(RecordStore store, IClock clock) : ITellTransport
{
    private static readonly SemaphoreSlim Gate = new(1, 1);

    public async Task<(TellingState State, string Note)> SendAsync(TellMessage message, CancellationToken ct)
    {
        await Gate.WaitAsync(ct);
        try
        {
            var line = JsonSerializer.Serialize(new { at = InstantPattern.General.Format(clock.GetCurrentInstant()), id = message.TellingId, to = message.To, subject = message.Subject, body = message.Body }, HubJson.Options);
            await File.AppendAllTextAsync(Path.Combine(store.Location.DataDirectory, "told.log"), line + "\n", ct);
        }
        finally
        {
            Gate.Release();
        }

        return (TellingState.Told, "Written to told.log: this is a demonstration.");
    }

    public Task<(TellingState State, string Note)?> AskAsync(Guid tellingId, CancellationToken ct) => Task.FromResult<(TellingState, string)?>(null);
}

/// <summary>SMTP. The relay took it; whether it arrived is not known, and it stays visible as sent.</summary>
internal sealed class SmtpTransport(TellOptions options) : ITellTransport
{
    public async Task<(TellingState State, string Note)> SendAsync(TellMessage message, CancellationToken ct)
    {
        using var mail = new MimeMessage();
        mail.From.Add(MailboxAddress.Parse(options.SmtpFrom!));
        mail.To.Add(MailboxAddress.Parse(message.To));
        mail.Subject = message.Subject;
        // The same id at each attempt, so that a repeat can be recognised as one.
        mail.MessageId = $"{message.TellingId:N}@{MailboxAddress.Parse(options.SmtpFrom!).Domain}";
        mail.Body = new TextPart("plain") { Text = message.Body };
        using var client = new SmtpClient();
        await client.ConnectAsync(options.SmtpHost!, options.SmtpPort, options.SmtpTls ? SecureSocketOptions.StartTls : SecureSocketOptions.None, ct);
        if (!string.IsNullOrEmpty(options.SmtpUser)) await client.AuthenticateAsync(options.SmtpUser, options.SmtpPassword ?? "", ct);
        await client.SendAsync(mail, ct);
        await client.DisconnectAsync(true, ct);
        return (TellingState.Sent, "The mail server took it; whether it arrived is not known.");
    }

    public Task<(TellingState State, string Note)?> AskAsync(Guid tellingId, CancellationToken ct) => Task.FromResult<(TellingState, string)?>(null);
}

/// <summary>GOV.UK Notify, which says later whether it was delivered.</summary>
internal sealed class NotifyTransport(TellOptions options) : ITellTransport
{
    private readonly NotificationClient _client = options.NotifyBaseUrl is { Length: > 0 } url ? new NotificationClient(url, options.NotifyApiKey!) : new NotificationClient(options.NotifyApiKey!);

    public async Task<(TellingState State, string Note)> SendAsync(TellMessage message, CancellationToken ct)
    {
        // An attempt that broke off after Notify had taken it must not send a second message.
        if (await AskAsync(message.TellingId, ct) is { } known) return known;
        await _client.SendEmailAsync(message.To, options.NotifyTemplateId!, new Dictionary<string, dynamic> { ["subject"] = message.Subject, ["body"] = message.Body }, clientReference: Reference(message.TellingId));
        return (TellingState.Sent, "GOV.UK Notify took it; it says later whether it was delivered.");
    }

    public async Task<(TellingState State, string Note)?> AskAsync(Guid tellingId, CancellationToken ct)
    {
        var found = await _client.GetNotificationsAsync(reference: Reference(tellingId));
        return found.notifications.Count == 0 ? null : found.notifications[0].status switch
        {
            "delivered" => (TellingState.Told, "Delivered, says GOV.UK Notify."),
            "permanent-failure" => (TellingState.Failed, "GOV.UK Notify could not deliver it: the address does not exist."),
            "temporary-failure" => (TellingState.Failed, "GOV.UK Notify could not deliver it: the mailbox was full or did not answer."),
            "technical-failure" => (TellingState.Failed, "GOV.UK Notify failed."),
            _ => (TellingState.Sent, "GOV.UK Notify took it; it says later whether it was delivered."),
        };
    }

    private static string Reference(Guid telling) => telling.ToString("N", CultureInfo.InvariantCulture);
}

/// <summary>No way out is configured: every message stays visible as not told.</summary>
internal sealed class NoTransport : ITellTransport
{
    public Task<(TellingState State, string Note)> SendAsync(TellMessage message, CancellationToken ct) =>
        Task.FromResult((TellingState.Failed, "This hub has no way to send messages (configuration Tell). Telephone instead."));

    public Task<(TellingState State, string Note)?> AskAsync(Guid tellingId, CancellationToken ct) => Task.FromResult<(TellingState, string)?>(null);
}

/// <summary>
/// Takes tellings from the outbox. The address and the text are read at the time of sending, the embargo too: one that was made or extended meanwhile holds the
/// message back. What comes of it is reported by a command.
/// </summary>
internal sealed class TellSender(RecordStore store, CommandRunner runner, RoomCatalogue rooms, SettingsShelf shelf, ITellTransport transport, IClock clock) : IOutboxSender
{
    public string Kind => "tell";

    public int MostAttempts => 6;

    public async Task SendAsync(short authorityId, OutboxMessage message, CancellationToken ct)
    {
        var id = JsonSerializer.Deserialize<TellPayload>(message.Payload, HubJson.Options)!.TellingId;
        await using var db = store.Open(authorityId);
        var read = new RecordReader(db, rooms, clock);
        var telling = await read.Of<Telling>().SingleOrDefaultAsync(t => t.Id == id, ct);
        if (telling is null or { State: not (TellingState.Due or TellingState.Failed) }) return;
        var contact = await read.Of<Contact>().SingleAsync(c => c.Id == telling.ContactId, ct);
        if (string.IsNullOrWhiteSpace(contact.ReferrerEmail))
        {
            await ReportAsync(authorityId, id, TellingState.Failed, "There is no address.", ct);
            return;
        }

        if (telling.Kind != "acknowledgement" && await TellDesk.EmbargoedUntilAsync(read, contact.Id, clock.GetCurrentInstant()) is not null)
            throw new EmbargoHoldsException();

        var settings = new HubSettings(shelf, db, clock.GetCurrentInstant());
        var texts = (await settings.GetAsync<TellTemplates>("tell-templates")).For(contact.Language);
        var subject = texts.Subject.Replace("{reference}", contact.Reference, StringComparison.Ordinal);
        var (state, note) = await transport.SendAsync(new TellMessage(id, contact.ReferrerEmail.Trim(), subject, telling.Text), ct);
        await ReportAsync(authorityId, id, state, note, ct);
    }

    public Task GaveUpAsync(short authorityId, OutboxMessage message, string error, CancellationToken ct)
    {
        var id = JsonSerializer.Deserialize<TellPayload>(message.Payload, HubJson.Options)!.TellingId;
        // The error's text may hold the address: only its kind is kept.
        var kind = error.Split(':', 2)[0];
        var note = kind == nameof(EmbargoHoldsException) ? "An embargo on telling held it back." : $"The message could not be sent ({kind}). Telephone instead.";
        return ReportAsync(authorityId, id, TellingState.Failed, note, ct);
    }

    private async Task ReportAsync(short authorityId, Guid id, TellingState state, string note, CancellationToken ct) =>
        (await runner.RunAsync(new ReportDelivery(id, state, note), TellActor.Of(authorityId), ct)).Expect();
}

/// <summary>The named actor of tellings.</summary>
internal static class TellActor
{
    public static Viewer Of(short authority) => Viewer.System(authority, "message sender", "tell whoever raised a concern what came of it");
}

/// <summary>Nothing is told while an embargo holds; the outbox tries again.</summary>
public sealed class EmbargoHoldsException() : InvalidOperationException("An embargo on telling holds.")
{
}

/// <summary>Asks the carrier what became of messages that were sent.</summary>
internal sealed class DeliveryTick(ITellTransport transport) : ITick
{
    public (string Name, string Purpose) Actor => ("message sender", "learn whether messages arrived");

    public async Task TickAsync(Viewer actor, CommandRunner runner, RecordReader read, CancellationToken ct)
    {
        if (transport is not NotifyTransport) return;
        foreach (var telling in await read.Of<Telling>().Where(t => t.State == TellingState.Sent && t.Channel == TellingChannel.Email).OrderBy(t => t.SentAt).Take(100).Select(t => t.Id).ToListAsync(ct))
        {
            try
            {
                if (await transport.AskAsync(telling, ct) is { State: not TellingState.Sent } answer)
                    await runner.RunAsync(new ReportDelivery(telling, answer.State, answer.Note), actor, ct);
            }
            catch (NotifyClientException)
            {
                // Not known now; the next tick asks again and the message stays visible as sent.
                return;
            }
        }
    }
}
