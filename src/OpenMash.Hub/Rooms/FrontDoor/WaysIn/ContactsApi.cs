using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Hub.Platform.Access;
using OpenMash.Hub.Platform.Accounts;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Hub.Platform.Web;
using OpenMash.Records.Contacts;
using OpenMash.Records.Kernel;
using OpenMash.Records.Trail;

namespace OpenMash.Hub.Rooms.FrontDoor.WaysIn;

/// <summary>A report as a partner system sends it. Only <see cref="Words"/> is required; unknown members are kept with the original and ignored.</summary>
public sealed record ContactRequest
{
    /// <summary>The concern, exactly as written. At most 100,000 characters.</summary>
    [Required]
    public string? Words { get; init; }

    /// <summary>When the sender's agency first received it (ISO 8601 with offset or Z). Left out, the time of arrival here counts.</summary>
    public Instant? ReceivedAt { get; init; }

    /// <summary>The sender's own reference: an incident number, for example. Reports with the same one are shown together.</summary>
    public string? Reference { get; init; }

    /// <summary>Someone may be in danger now. Telephone as well: a message is not a conversation.</summary>
    public bool InDangerNow { get; init; }

    public bool SignificantHarmAlleged { get; init; }
    public string? WhenHappened { get; init; }
    public string? WhereChildIsNow { get; init; }
    public string? WithWhom { get; init; }
    public string? Language { get; init; }
    public bool InterpreterNeeded { get; init; }
    public string? FamilyKnows { get; init; }
    public string? LawfulBasis { get; init; }

    /// <summary>Code of the census list "referral source".</summary>
    public string? SourceCode { get; init; }

    public string? ReporterName { get; init; }
    public string? ReporterRole { get; init; }
    public string? ReporterPhone { get; init; }
    public string? ReporterEmail { get; init; }
    public IReadOnlyList<PersonIntake>? People { get; init; }
    public IReadOnlyList<ThingIntake>? Things { get; init; }
    public IReadOnlyList<WordsIntake>? ChildsWords { get; init; }
}

/// <summary>What the sender is told: that it is in the record, and by which reference. Nothing shows whether anyone is known.</summary>
public sealed record ContactReceipt(Guid Id, string Reference, Instant ReceivedAt);

/// <summary>Where a report stands, for the agency that sent it.</summary>
public sealed record ContactState(Guid Id, string Reference, Instant ReceivedAt, bool Acknowledged, IReadOnlyList<LineStateView> Children);

/// <summary>A child's line: its number and state; the outcome once it is decided.</summary>
public sealed record LineStateView(int Number, LineState State, LineOutcome? Outcome);

/// <summary><c>/api/v1/contacts</c>: reports of partner systems (OAuth client credentials, scope <c>contacts.write</c>).</summary>
internal static class ContactsApi
{
    private const int MostBytes = 2 << 20;

    public static void Map(IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/v1/contacts").RequireAuthorization(HubAccounts.ApiPolicy).WithTags("Contacts");
        api.MapPost("", SubmitAsync)
            .WithName("SubmitContact")
            .WithSummary("Sends a report. Give an Idempotency-Key of your own: the same key with the same body returns the first answer and adds nothing.")
            .Accepts<ContactRequest>("application/json")
            .Produces<ContactReceipt>(StatusCodes.Status201Created)
            .ProducesValidationProblem()
            .Produces(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .DisableAntiforgery();
        api.MapGet("/{id:guid}", StateAsync)
            .WithName("GetContactState")
            .WithSummary("Where a report of your agency stands.")
            .Produces<ContactState>()
            .Produces(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> SubmitAsync(HttpContext http, CommandRunner runner, [FromHeader(Name = "Idempotency-Key")] string? key, CancellationToken ct)
    {
        var viewer = http.Viewer();
        if (viewer.Kind != ViewerKind.Client)
            return Results.Problem(statusCode: 403, title: "Refused", detail: "This token belongs to no partner system that is registered and open here. Ask the hub's administrator.");
        if (string.IsNullOrWhiteSpace(key) || key.Length > 200)
            return Invalid("Idempotency-Key", "Send a header Idempotency-Key of at most 200 characters, new for each report and the same when you repeat it.");

        using var reader = new StreamReader(new BoundedStream(http.Request.Body, MostBytes), new UTF8Encoding(false, throwOnInvalidBytes: true));
        string body;
        ContactRequest? request;
        try
        {
            body = await reader.ReadToEndAsync(ct);
            request = JsonSerializer.Deserialize<ContactRequest>(body, HubJson.Options);
        }
        catch (JsonException e)
        {
            return Invalid(e.Path ?? "body", $"The body is not the JSON of a report at line {e.LineNumber + 1}, byte {e.BytePositionInLine}: {e.Message}");
        }
        catch (DecoderFallbackException)
        {
            return Invalid("body", "The body is not UTF-8. Send it as UTF-8.");
        }
        catch (InvalidDataException e)
        {
            return Results.Problem(statusCode: 413, title: "Too large", detail: e.Message);
        }

        if (request is null) return Invalid("body", "The body is empty. Send a report as JSON.");
        var outcome = await runner.RunAsync(ToCommand(request, body), viewer, KeyOf(viewer, key), ct);
        return outcome switch
        {
            Outcome<ContactSubmitted>.Done d => Results.Created(
                $"/api/v1/contacts/{d.Value.ContactId}", new ContactReceipt(d.Value.ContactId, d.Value.Reference, d.Value.ReceivedAt)),
            Outcome<ContactSubmitted>.Invalid i => Results.ValidationProblem(
                i.Problems.GroupBy(p => JsonNamingPolicy.CamelCase.ConvertName(p.Field)).ToDictionary(g => g.Key, g => g.Select(p => p.Message).ToArray())),
            Outcome<ContactSubmitted>.Refused r => Results.Problem(statusCode: 403, title: "Refused", detail: r.Reason),
            Outcome<ContactSubmitted>.Conflict c => Results.Problem(statusCode: 409, title: "Conflict", detail: c.Message),
            _ => Results.Problem(statusCode: 404),
        };
    }

    private static async Task<IResult> StateAsync(Guid id, HttpContext http, RecordReader read, CommandRunner runner, CancellationToken ct)
    {
        var viewer = http.Viewer();
        if (viewer.Kind != ViewerKind.Client) return Results.Problem(statusCode: 403, title: "Refused", detail: "This token belongs to no partner system that is registered and open here.");
        var contact = await read.Visible<Contact>(viewer, AccessLevel.Part).SingleOrDefaultAsync(c => c.Id == id, ct);
        if (contact is null) return Results.Problem(statusCode: 404, title: "Not found", detail: "There is no report of your agency with this id.");
        var lines = await read.Of<ContactLine>().Where(l => l.ContactId == id).OrderBy(l => l.Number)
            .Select(l => new LineStateView(l.Number, l.State, l.State == LineState.Waiting ? null : l.Outcome)).ToListAsync(ct);
        await runner.WitnessAsync(viewer, TrailKind.View, "view state by API", "Contact", id, ct: ct);
        return Results.Ok(new ContactState(contact.Id, contact.Reference, contact.ReceivedAt, contact.AcknowledgedAt is not null, lines));
    }

    private static SubmitContact ToCommand(ContactRequest request, string body) => new()
    {
        Way = Way.Api,
        Words = request.Words ?? "",
        Original = body,
        ReceivedAt = request.ReceivedAt,
        SenderReference = request.Reference,
        InDangerNow = request.InDangerNow,
        SignificantHarmAlleged = request.SignificantHarmAlleged,
        WhenHappened = request.WhenHappened,
        WhereChildIsNow = request.WhereChildIsNow,
        WithWhom = request.WithWhom,
        Language = request.Language,
        InterpreterNeeded = request.InterpreterNeeded,
        FamilyKnows = request.FamilyKnows,
        LawfulBasis = request.LawfulBasis,
        SourceCode = request.SourceCode,
        ReferrerName = request.ReporterName,
        ReferrerRole = request.ReporterRole,
        ReferrerPhone = request.ReporterPhone,
        ReferrerEmail = request.ReporterEmail,
        People = request.People ?? [],
        Things = request.Things ?? [],
        ChildsWords = request.ChildsWords ?? [],
    };

    /// <summary>The sender's key becomes the command's id: 128 bits of SHA-256 over client and key.</summary>
    private static Guid KeyOf(Viewer viewer, string key) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes($"{viewer.AuthorityId}|{viewer.AgencyId}|{viewer.Name}|{key}")).AsSpan(0, 16), bigEndian: true);

    private static IResult Invalid(string field, string message) =>
        Results.ValidationProblem(new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [message] });

    /// <summary>Stops reading past a bound: a body without a length cannot fill the memory.</summary>
    private sealed class BoundedStream(Stream inner, long most) : Stream
    {
        private long _read;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => _read;
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = await inner.ReadAsync(buffer, cancellationToken);
            _read += count;
            return _read > most ? throw new InvalidDataException($"A report may have at most {most:N0} bytes. Send attachments by another way.") : count;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
