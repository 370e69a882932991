using System.Text.Json;
using OpenMash.Hub.Platform.Pipeline;
using OpenMash.Records.Contacts;

namespace OpenMash.Hub.Rooms.FrontDoor.WaysIn;

/// <summary>A person as typed into a form. All is text: what cannot be read as a date stays as it was typed.</summary>
public sealed class PersonFields
{
    public MentionRole Role { get; set; } = MentionRole.Child;
    public string? GivenName { get; set; }
    public string? FamilyName { get; set; }
    public string? Birth { get; set; }
    public string? Age { get; set; }
    public string? Sex { get; set; }
    public string? Address { get; set; }
    public string? Postcode { get; set; }
    public string? Phone { get; set; }
    public string? School { get; set; }
    public string? NhsNumber { get; set; }
    public string? Upn { get; set; }
    public string? Relationship { get; set; }

    public bool IsEmpty => new[] { GivenName, FamilyName, Birth, Age, Address, Postcode, Phone, School, NhsNumber, Upn, Relationship }.All(string.IsNullOrWhiteSpace);

    internal PersonIntake ToIntake()
    {
        int? age = int.TryParse(Age, System.Globalization.CultureInfo.InvariantCulture, out var years) && years is >= 0 and < 130 ? years : null;
        return new PersonIntake
        {
            Role = Role,
            GivenName = GivenName,
            FamilyName = FamilyName,
            Birth = Birth ?? (age is null ? Age : null),
            Age = age,
            Sex = Sex,
            Address = Address,
            Postcode = Postcode,
            Phone = Phone,
            School = School,
            NhsNumber = NhsNumber,
            Upn = Upn,
            Relationship = Relationship,
        };
    }
}

/// <summary>A vehicle, phone or place as typed into a form.</summary>
public sealed class ThingFields
{
    public ThingKind Kind { get; set; } = ThingKind.Place;
    public string? Value { get; set; }
    public string? Note { get; set; }
}

/// <summary>What the forms of all ways in have in common.</summary>
public sealed class ReportFields
{
    public string? Words { get; set; }
    public bool InDangerNow { get; set; }
    public string? WhenHappened { get; set; }
    public string? WhereChildIsNow { get; set; }
    public string? WithWhom { get; set; }
    public string? ChildsWords { get; set; }
    public string? ChildsWordsSaidTo { get; set; }
    public string? Language { get; set; }
    public bool InterpreterNeeded { get; set; }
    public string? CommunicationNeeds { get; set; }
    public string? FamilyKnows { get; set; }
    public string? LawfulBasis { get; set; }
    public bool SignificantHarmAlleged { get; set; }
    public string? SenderReference { get; set; }

    /// <summary><c>named</c>, <c>withheld</c> or <c>anonymous</c>.</summary>
    public string? Who { get; set; }

    public string? Name { get; set; }
    public string? Role { get; set; }
    public string? Phone { get; set; }
    public string? Email { get; set; }

    /// <summary><c>yes</c>, <c>no</c> or not answered.</summary>
    public string? Safe { get; set; }

    public string? SafeHow { get; set; }

    /// <summary>The report is about the sender themselves.</summary>
    public bool AboutMyself { get; set; }

    public List<PersonFields> People { get; set; } = [];
    public List<ThingFields> Things { get; set; } = [];

    internal SubmitContact ToCommand(Way way, IReadOnlyList<FileIntake> files)
    {
        var identity = Who switch
        {
            "anonymous" => ReferrerIdentity.Anonymous,
            "withheld" => ReferrerIdentity.IdentityWithheld,
            _ => ReferrerIdentity.Named,
        };
        var anonymous = identity == ReferrerIdentity.Anonymous;
        return new SubmitContact
        {
            Way = way,
            Words = Words ?? "",
            Original = JsonSerializer.Serialize(this, HubJson.Options),
            Identity = identity,
            ReferrerKind = AboutMyself ? ReferrerKind.Child : way == Way.PublicForm ? ReferrerKind.Public : ReferrerKind.Professional,
            ReferrerName = anonymous ? null : Name,
            ReferrerRole = Role,
            ReferrerPhone = anonymous ? null : Phone,
            ReferrerEmail = anonymous ? null : Email,
            SafeToContact = Safe switch { "yes" => true, "no" => false, _ => null },
            SafeContactHow = SafeHow,
            SenderReference = SenderReference,
            WhenHappened = WhenHappened,
            WhereChildIsNow = WhereChildIsNow,
            WithWhom = WithWhom,
            InDangerNow = InDangerNow,
            SignificantHarmAlleged = SignificantHarmAlleged,
            Language = Language,
            InterpreterNeeded = InterpreterNeeded,
            CommunicationNeeds = CommunicationNeeds,
            FamilyKnows = FamilyKnows,
            LawfulBasis = LawfulBasis,
            People = [.. People.Where(p => !p.IsEmpty).Select(p => p.ToIntake())],
            Things = [.. Things.Where(t => !string.IsNullOrWhiteSpace(t.Value)).Select(t => new ThingIntake(t.Kind, t.Value!.Trim(), t.Note))],
            ChildsWords = string.IsNullOrWhiteSpace(ChildsWords) ? [] : [new WordsIntake(ChildsWords, ChildsWordsSaidTo)],
            Files = files,
        };
    }
}
