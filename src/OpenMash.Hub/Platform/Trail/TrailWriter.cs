using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using NodaTime;
using NodaTime.Text;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Hub.Platform.Time;
using OpenMash.Records.Kernel;
using OpenMash.Records.Trail;

namespace OpenMash.Hub.Platform.Trail;

/// <summary>One changed row of an act, as the trail keeps it.</summary>
internal sealed record TrailChange(string Entity, Guid Id, string Operation, IReadOnlyDictionary<string, object?[]> Values);

/// <summary>
/// Makes trail entries. The payload is canonical JSON, version 1: fixed order of members, identifiers and a salted hash of the content;
/// it is stored as text and hashed as stored, never serialised again.
/// </summary>
internal static class TrailWriter
{
    private const int MostChangesWithValues = 400;

    /// <summary>Columns whose values never go anywhere: secrets, and stamps that change by themselves.</summary>
    private static readonly HashSet<string> Unsaid = new(StringComparer.Ordinal) { nameof(DomainRow.Version), "PasswordHash", "SecurityStamp", "ConcurrencyStamp" };

    public static (TrailEntry Entry, TrailContent? Content) Make(
        Viewer actor, Instant now, TrailKind kind, string act, Guid? commandId, (string Kind, Guid Id)? subject, string? reason, IReadOnlyList<TrailChange> changes, object? detail = null)
    {
        var id = Ids.New(now);
        string? content = null;
        byte[]? salt = null;
        string? contentHash = null;
        if (reason is not null || detail is not null || changes.Count > 0)
        {
            var many = changes.Count > MostChangesWithValues;
            content = JsonSerializer.Serialize(
                new
                {
                    actor = actor.Name,
                    reason,
                    detail,
                    changes = many ? null : changes.Select(c => new { c.Entity, c.Id, op = c.Operation, c.Values }),
                },
                HubJson.Options);
            salt = RandomNumberGenerator.GetBytes(16);
            contentHash = Convert.ToHexStringLower(Salted(salt, content));
        }

        var payload = Canonical(actor, now, kind, act, commandId, subject, contentHash, changes, id);
        var entry = new TrailEntry
        {
            AuthorityId = actor.AuthorityId,
            Id = id,
            At = now,
            Kind = kind,
            Act = act,
            AccountId = actor.AccountId,
            AgencyId = actor.AgencyId,
            SubjectId = subject?.Id,
            SubjectKind = subject?.Kind,
            Payload = payload,
            Hash = SHA256.HashData(Encoding.UTF8.GetBytes(payload)),
        };
        var row = content is null ? null : new TrailContent { EntryId = id, AuthorityId = actor.AuthorityId, Content = content, Salt = salt };
        return (entry, row);
    }

    public static byte[] Salted(byte[] salt, string content)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        var all = new byte[salt.Length + bytes.Length];
        salt.CopyTo(all, 0);
        bytes.CopyTo(all, salt.Length);
        return SHA256.HashData(all);
    }

    /// <summary>Reads the changes of tracked entries before they are saved: for an added row its columns go in by hash only, the row itself being the record.</summary>
    public static TrailChange Read(EntityEntry entry)
    {
        var values = new Dictionary<string, object?[]>(StringComparer.Ordinal);
        foreach (var property in entry.State == EntityState.Modified ? entry.Properties : [])
        {
            if (property.Metadata.IsPrimaryKey() || Unsaid.Contains(property.Metadata.Name) || (entry.Entity is TrailContent && property.Metadata.Name is nameof(TrailContent.Content) or nameof(TrailContent.Salt))) continue;
            if (entry.State == EntityState.Modified && property.IsModified && !Equals(property.OriginalValue, property.CurrentValue))
                values[property.Metadata.Name] = [Plain(property.OriginalValue), Plain(property.CurrentValue)];
        }

        // An account's hash would take its secrets in; that it was made is enough.
        if (entry.State == EntityState.Added && entry.Entity is not Records.Accounts.Account)
            values["sha256"] = [null, Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(entry.Entity, entry.Metadata.ClrType, HubJson.Options)))];

        var operation = entry.State switch
        {
            EntityState.Added => "added",
            EntityState.Deleted => "removed",
            _ => "changed",
        };
        var id = entry.Entity switch
        {
            DomainRow row => row.Id,
            Records.Accounts.Account account => account.Id,
            TrailContent content => content.EntryId,
            _ => Guid.Empty,
        };
        return new TrailChange(entry.Metadata.ClrType.Name, id, operation, values);
    }

    private static object? Plain(object? value) => value switch
    {
        null => null,
        Instant i => InstantPattern.ExtendedIso.Format(i),
        LocalDate d => LocalDatePattern.Iso.Format(d),
        byte[] b => Convert.ToHexStringLower(b),
        Enum e => e.ToString(),
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable<string> s => string.Join(", ", s),
        _ => value.ToString(),
    };

    private static string Canonical(
        Viewer actor, Instant now, TrailKind kind, string act, Guid? commandId, (string Kind, Guid Id)? subject, string? contentHash, IReadOnlyList<TrailChange> changes, Guid id)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("v", 1);
            json.WriteString("id", id);
            json.WriteNumber("authority", actor.AuthorityId);
            json.WriteString("at", InstantPattern.ExtendedIso.Format(now));
            json.WriteString("kind", kind.ToString());
            json.WriteString("act", act);
            json.WriteString("by", actor.Kind.ToString());
            if (actor.AccountId is { } account) json.WriteString("account", account);
            if (actor.AgencyId is { } agency) json.WriteString("agency", agency);
            if (actor.IsSystem) json.WriteString("purpose", actor.Purpose);
            if (commandId is { } command) json.WriteString("command", command);
            if (subject is { } s)
            {
                json.WriteString("subjectKind", s.Kind);
                json.WriteString("subject", s.Id);
            }

            if (contentHash is not null) json.WriteString("content", contentHash);
            if (changes.Count > MostChangesWithValues)
            {
                json.WriteNumber("changes", changes.Count);
                json.WriteString("changesHash", HashOf(changes));
            }
            else
            {
                json.WriteStartArray("changes");
                foreach (var change in changes)
                {
                    json.WriteStartArray();
                    json.WriteStringValue(change.Entity);
                    json.WriteStringValue(change.Id);
                    json.WriteStringValue(change.Operation);
                    json.WriteEndArray();
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static string HashOf(IReadOnlyList<TrailChange> changes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var change in changes)
            hash.AppendData(Encoding.UTF8.GetBytes($"{change.Entity}|{change.Id}|{change.Operation}|{JsonSerializer.Serialize(change.Values, HubJson.Options)}\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
