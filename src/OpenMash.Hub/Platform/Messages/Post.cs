using System.Text;
using MailKit.Net.Smtp;
using MimeKit;
using OpenMash.Hub.Platform.Record;

namespace OpenMash.Hub.Platform.Messages;

/// <summary>A message that leaves the hub: a reference and no name. The same letter sent again has the same key.</summary>
public sealed record Letter(string Key, string To, string Subject, string Text);

/// <summary>Carries letters. A failure is thrown; the outbox keeps the letter and tries again.</summary>
public interface IPost
{
    Task SendAsync(Letter letter, CancellationToken ct);
}

/// <summary>
/// By SMTP where <c>Mail:Host</c> is configured (<c>Mail:Port</c>, <c>Mail:From</c>); in the demonstration into <c>messages.log</c> beside the record, so that nothing
/// ever leaves the machine. Otherwise it fails in words, and the outbox shows it.
/// </summary>
internal sealed class Post(HubOptions options, IConfiguration configuration, RecordStore store) : IPost
{
    private static readonly SemaphoreSlim Gate = new(1, 1);

    public async Task SendAsync(Letter letter, CancellationToken ct)
    {
        if (options.Mode == HubMode.Demo)
        {
            await LogAsync(letter, ct);
            return;
        }

        if (configuration["Mail:Host"] is not { Length: > 0 } host || configuration["Mail:From"] is not { Length: > 0 } from)
            throw new InvalidOperationException("No mail is configured: set Mail:Host and Mail:From.");
        using var message = new MimeMessage();
        message.From.Add(MailboxAddress.Parse(from));
        message.To.Add(MailboxAddress.Parse(letter.To));
        message.Subject = letter.Subject;
        message.MessageId = letter.Key.Replace(':', '.') + "@openmash";
        using var body = new TextPart("plain");
        body.Text = letter.Text;
        message.Body = body;
        using var client = new SmtpClient();
        await client.ConnectAsync(host, configuration.GetValue("Mail:Port", 25), MailKit.Security.SecureSocketOptions.Auto, ct);
        await client.SendAsync(message, ct);
        await client.DisconnectAsync(true, ct);
    }

    private async Task LogAsync(Letter letter, CancellationToken ct)
    {
        await Gate.WaitAsync(ct);
        try
        {
            var line = $"{letter.Key}\t{letter.To}\t{letter.Subject}\t{letter.Text.ReplaceLineEndings(" ")}\n";
            await File.AppendAllTextAsync(Path.Combine(store.Location.DataDirectory, "messages.log"), line, Encoding.UTF8, ct);
        }
        finally
        {
            Gate.Release();
        }
    }
}
