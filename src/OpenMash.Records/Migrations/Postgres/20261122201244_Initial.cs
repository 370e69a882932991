using System;
using System.Collections.Generic;
using Microsoft.EntityFrameworkCore.Migrations;
using NodaTime;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace OpenMash.Records.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "Account",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    FullName = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    IsDemoPersona = table.Column<bool>(type: "boolean", nullable: false),
                    ClosedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    UserName = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    NormalizedUserName = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    Email = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    NormalizedEmail = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    EmailConfirmed = table.Column<bool>(type: "boolean", nullable: false),
                    PasswordHash = table.Column<string>(type: "text", nullable: true),
                    SecurityStamp = table.Column<string>(type: "text", nullable: true),
                    ConcurrencyStamp = table.Column<string>(type: "text", nullable: true),
                    PhoneNumber = table.Column<string>(type: "text", nullable: true),
                    PhoneNumberConfirmed = table.Column<bool>(type: "boolean", nullable: false),
                    TwoFactorEnabled = table.Column<bool>(type: "boolean", nullable: false),
                    LockoutEnd = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    LockoutEnabled = table.Column<bool>(type: "boolean", nullable: false),
                    AccessFailedCount = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Account", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Agency",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "text", nullable: false),
                    Kind = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Telephone = table.Column<string>(type: "text", nullable: false),
                    Email = table.Column<string>(type: "text", nullable: true),
                    IsHub = table.Column<bool>(type: "boolean", nullable: false),
                    AnswersChecks = table.Column<bool>(type: "boolean", nullable: false),
                    ClosedOn = table.Column<LocalDate>(type: "date", nullable: true),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Agency", x => new { x.AuthorityId, x.Id });
                });

            migrationBuilder.CreateTable(
                name: "Authority",
                columns: table => new
                {
                    Id = table.Column<short>(type: "smallint", nullable: false),
                    Code = table.Column<string>(type: "text", nullable: false),
                    Name = table.Column<string>(type: "text", nullable: false),
                    HubName = table.Column<string>(type: "text", nullable: false),
                    Host = table.Column<string>(type: "text", nullable: true),
                    Telephone = table.Column<string>(type: "text", nullable: false),
                    IsDemo = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Authority", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Breach",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Reference = table.Column<string>(type: "text", nullable: false),
                    What = table.Column<string>(type: "text", nullable: false),
                    KnownAt = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    ReportDueAt = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    OpenedBy = table.Column<Guid>(type: "uuid", nullable: false),
                    ClosedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    Result = table.Column<string>(type: "text", nullable: true),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Breach", x => new { x.AuthorityId, x.Id });
                });

            migrationBuilder.CreateTable(
                name: "BreakGlass",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    SubjectKind = table.Column<string>(type: "text", nullable: false),
                    SubjectId = table.Column<Guid>(type: "uuid", nullable: false),
                    AccountId = table.Column<Guid>(type: "uuid", nullable: false),
                    Reason = table.Column<string>(type: "text", nullable: false),
                    From = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    Until = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    ReviewDueAt = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    ReviewedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    ReviewedBy = table.Column<Guid>(type: "uuid", nullable: true),
                    Verdict = table.Column<string>(type: "text", nullable: true),
                    ReviewWords = table.Column<string>(type: "text", nullable: true),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BreakGlass", x => new { x.AuthorityId, x.Id });
                });

            migrationBuilder.CreateTable(
                name: "CensusImport",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    FileName = table.Column<string>(type: "text", nullable: false),
                    Sha256 = table.Column<string>(type: "text", nullable: false),
                    Year = table.Column<int>(type: "integer", nullable: false),
                    Lea = table.Column<string>(type: "text", nullable: false),
                    At = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    ByAccountId = table.Column<Guid>(type: "uuid", nullable: true),
                    FindingsLeftOut = table.Column<int>(type: "integer", nullable: false),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CensusImport", x => new { x.AuthorityId, x.Id });
                });

            migrationBuilder.CreateTable(
                name: "CommandReceipt",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Command = table.Column<string>(type: "text", nullable: false),
                    Fingerprint = table.Column<byte[]>(type: "bytea", nullable: false),
                    Result = table.Column<string>(type: "text", nullable: false),
                    At = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CommandReceipt", x => new { x.AuthorityId, x.Id });
                });

            migrationBuilder.CreateTable(
                name: "ConflictOfInterest",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    AccountId = table.Column<Guid>(type: "uuid", nullable: false),
                    SubjectKind = table.Column<string>(type: "text", nullable: false),
                    SubjectId = table.Column<Guid>(type: "uuid", nullable: false),
                    Basis = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Note = table.Column<string>(type: "text", nullable: false),
                    At = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    EndedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ConflictOfInterest", x => new { x.AuthorityId, x.Id });
                });

            migrationBuilder.CreateTable(
                name: "DataProtectionKeys",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    FriendlyName = table.Column<string>(type: "text", nullable: true),
                    Xml = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DataProtectionKeys", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Draft",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    AccountId = table.Column<Guid>(type: "uuid", nullable: false),
                    Form = table.Column<string>(type: "text", nullable: false),
                    Fields = table.Column<string>(type: "text", nullable: false),
                    StartedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    SavedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    HandedToAccountId = table.Column<Guid>(type: "uuid", nullable: true),
                    HandedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    SentAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    SentAs = table.Column<string>(type: "text", nullable: true),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Draft", x => new { x.AuthorityId, x.Id });
                });

            migrationBuilder.CreateTable(
                name: "DutyShift",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    AccountId = table.Column<Guid>(type: "uuid", nullable: false),
                    Kind = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Start = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    End = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    EndedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DutyShift", x => new { x.AuthorityId, x.Id });
                });

            migrationBuilder.CreateTable(
                name: "Embargo",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    SubjectKind = table.Column<string>(type: "text", nullable: false),
                    SubjectId = table.Column<Guid>(type: "uuid", nullable: false),
                    Reason = table.Column<string>(type: "text", nullable: false),
                    At = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    ByAccountId = table.Column<Guid>(type: "uuid", nullable: false),
                    ExpiresAt = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    EndedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Embargo", x => new { x.AuthorityId, x.Id });
                });

            migrationBuilder.CreateTable(
                name: "FileBlob",
                columns: table => new
                {
                    Sha256 = table.Column<string>(type: "text", nullable: false),
                    Content = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_FileBlob", x => x.Sha256);
                });

            migrationBuilder.CreateTable(
                name: "HandOver",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    SubjectKind = table.Column<string>(type: "text", nullable: false),
                    SubjectId = table.Column<Guid>(type: "uuid", nullable: false),
                    FromAccountId = table.Column<Guid>(type: "uuid", nullable: false),
                    ToAccountId = table.Column<Guid>(type: "uuid", nullable: true),
                    ToAgencyId = table.Column<Guid>(type: "uuid", nullable: true),
                    ToTeam = table.Column<string>(type: "text", nullable: true),
                    Reason = table.Column<string>(type: "text", nullable: false),
                    At = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    AcknowledgedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    AcknowledgedBy = table.Column<Guid>(type: "uuid", nullable: true),
                    RefusedBecause = table.Column<string>(type: "text", nullable: true),
                    ClosedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_HandOver", x => new { x.AuthorityId, x.Id });
                });

            migrationBuilder.CreateTable(
                name: "Hold",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    SubjectKind = table.Column<string>(type: "text", nullable: false),
                    SubjectId = table.Column<Guid>(type: "uuid", nullable: false),
                    Kind = table.Column<string>(type: "text", nullable: false),
                    Reason = table.Column<string>(type: "text", nullable: false),
                    At = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    ByAccountId = table.Column<Guid>(type: "uuid", nullable: false),
                    EndedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    EndedReason = table.Column<string>(type: "text", nullable: true),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Hold", x => new { x.AuthorityId, x.Id });
                });

            migrationBuilder.CreateTable(
                name: "ImportBatch",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    FileName = table.Column<string>(type: "text", nullable: false),
                    Sha256 = table.Column<string>(type: "text", nullable: false),
                    AgencyId = table.Column<Guid>(type: "uuid", nullable: false),
                    At = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    ByAccountId = table.Column<Guid>(type: "uuid", nullable: false),
                    Rows = table.Column<int>(type: "integer", nullable: false),
                    Understood = table.Column<int>(type: "integer", nullable: false),
                    NeedReading = table.Column<int>(type: "integer", nullable: false),
                    Repeats = table.Column<int>(type: "integer", nullable: false),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ImportBatch", x => new { x.AuthorityId, x.Id });
                });

            migrationBuilder.CreateTable(
                name: "Notice",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Kind = table.Column<string>(type: "text", nullable: false),
                    SubjectKind = table.Column<string>(type: "text", nullable: false),
                    SubjectId = table.Column<Guid>(type: "uuid", nullable: false),
                    Text = table.Column<string>(type: "text", nullable: false),
                    RaisedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    ToAccountId = table.Column<Guid>(type: "uuid", nullable: true),
                    ToRoles = table.Column<int>(type: "integer", nullable: false),
                    ToAgencyId = table.Column<Guid>(type: "uuid", nullable: true),
                    Level = table.Column<int>(type: "integer", nullable: false),
                    ClimbsAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    SeenAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    SeenBy = table.Column<Guid>(type: "uuid", nullable: true),
                    ClosedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Notice", x => new { x.AuthorityId, x.Id });
                });

            migrationBuilder.CreateTable(
                name: "OpenIddictApplications",
                columns: table => new
                {
                    Id = table.Column<string>(type: "text", nullable: false),
                    ApplicationType = table.Column<string>(type: "character varying(50)", maxLength: 50, nullable: true),
                    ClientId = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    ClientSecret = table.Column<string>(type: "text", nullable: true),
                    ClientType = table.Column<string>(type: "character varying(50)", maxLength: 50, nullable: true),
                    ConcurrencyToken = table.Column<string>(type: "character varying(50)", maxLength: 50, nullable: true),
                    ConsentType = table.Column<string>(type: "character varying(50)", maxLength: 50, nullable: true),
                    DisplayName = table.Column<string>(type: "text", nullable: true),
                    DisplayNames = table.Column<string>(type: "text", nullable: true),
                    JsonWebKeySet = table.Column<string>(type: "text", nullable: true),
                    Permissions = table.Column<string>(type: "text", nullable: true),
                    PostLogoutRedirectUris = table.Column<string>(type: "text", nullable: true),
                    Properties = table.Column<string>(type: "text", nullable: true),
                    RedirectUris = table.Column<string>(type: "text", nullable: true),
                    Requirements = table.Column<string>(type: "text", nullable: true),
                    Settings = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_OpenIddictApplications", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "OpenIddictScopes",
                columns: table => new
                {
                    Id = table.Column<string>(type: "text", nullable: false),
                    ConcurrencyToken = table.Column<string>(type: "character varying(50)", maxLength: 50, nullable: true),
                    Description = table.Column<string>(type: "text", nullable: true),
                    Descriptions = table.Column<string>(type: "text", nullable: true),
                    DisplayName = table.Column<string>(type: "text", nullable: true),
                    DisplayNames = table.Column<string>(type: "text", nullable: true),
                    Name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    Properties = table.Column<string>(type: "text", nullable: true),
                    Resources = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_OpenIddictScopes", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "OutboxMessage",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Kind = table.Column<string>(type: "text", nullable: false),
                    Key = table.Column<string>(type: "text", nullable: false),
                    Payload = table.Column<string>(type: "text", nullable: false),
                    CreatedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    DueAt = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    State = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    SentAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    Attempts = table.Column<int>(type: "integer", nullable: false),
                    LastError = table.Column<string>(type: "text", nullable: true),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_OutboxMessage", x => new { x.AuthorityId, x.Id });
                });

            migrationBuilder.CreateTable(
                name: "Person",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Reference = table.Column<string>(type: "text", nullable: false),
                    GivenName = table.Column<string>(type: "text", nullable: true),
                    FamilyName = table.Column<string>(type: "text", nullable: true),
                    BirthDate = table.Column<LocalDate>(type: "date", nullable: true),
                    ExpectedDate = table.Column<LocalDate>(type: "date", nullable: true),
                    DeathDate = table.Column<LocalDate>(type: "date", nullable: true),
                    Sex = table.Column<string>(type: "text", nullable: true),
                    Ethnicity = table.Column<string>(type: "text", nullable: true),
                    Disabilities = table.Column<List<string>>(type: "text[]", nullable: false),
                    Language = table.Column<string>(type: "text", nullable: true),
                    IsAdult = table.Column<bool>(type: "boolean", nullable: false),
                    Source = table.Column<string>(type: "text", nullable: false),
                    CreatedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    ChangedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Person", x => new { x.AuthorityId, x.Id });
                });

            migrationBuilder.CreateTable(
                name: "ReferenceCounter",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Prefix = table.Column<string>(type: "text", nullable: false),
                    Year = table.Column<int>(type: "integer", nullable: false),
                    Last = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ReferenceCounter", x => new { x.AuthorityId, x.Prefix, x.Year });
                });

            migrationBuilder.CreateTable(
                name: "RunningClock",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Rule = table.Column<string>(type: "text", nullable: false),
                    SubjectKind = table.Column<string>(type: "text", nullable: false),
                    SubjectId = table.Column<Guid>(type: "uuid", nullable: false),
                    ParentId = table.Column<Guid>(type: "uuid", nullable: false),
                    StartedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    DueAt = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    Problem = table.Column<string>(type: "text", nullable: true),
                    AgencyId = table.Column<Guid>(type: "uuid", nullable: true),
                    RevisedDueAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    RevisedReason = table.Column<string>(type: "text", nullable: true),
                    RevisedBy = table.Column<Guid>(type: "uuid", nullable: true),
                    MetAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    EndedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    EndedReason = table.Column<string>(type: "text", nullable: true),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RunningClock", x => new { x.AuthorityId, x.Id });
                });

            migrationBuilder.CreateTable(
                name: "Seal",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    SubjectKind = table.Column<string>(type: "text", nullable: false),
                    SubjectId = table.Column<Guid>(type: "uuid", nullable: false),
                    Reason = table.Column<string>(type: "text", nullable: false),
                    SecretExistence = table.Column<bool>(type: "boolean", nullable: false),
                    At = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    ByAccountId = table.Column<Guid>(type: "uuid", nullable: false),
                    ReviewOn = table.Column<LocalDate>(type: "date", nullable: false),
                    EndedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    EndedBy = table.Column<Guid>(type: "uuid", nullable: true),
                    EndedReason = table.Column<string>(type: "text", nullable: true),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Seal", x => new { x.AuthorityId, x.Id });
                });

            migrationBuilder.CreateTable(
                name: "SettingOverride",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "text", nullable: false),
                    Value = table.Column<string>(type: "text", nullable: false),
                    ValidFrom = table.Column<LocalDate>(type: "date", nullable: false),
                    Reason = table.Column<string>(type: "text", nullable: false),
                    ProposedBy = table.Column<Guid>(type: "uuid", nullable: false),
                    ProposedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    ApprovedBy = table.Column<Guid>(type: "uuid", nullable: true),
                    ApprovedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SettingOverride", x => new { x.AuthorityId, x.Id });
                });

            migrationBuilder.CreateTable(
                name: "StoredFile",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    OwnerKind = table.Column<string>(type: "text", nullable: false),
                    OwnerId = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "text", nullable: false),
                    ContentType = table.Column<string>(type: "text", nullable: false),
                    Length = table.Column<long>(type: "bigint", nullable: false),
                    Sha256 = table.Column<string>(type: "text", nullable: false),
                    ReceivedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    SentByAccountId = table.Column<Guid>(type: "uuid", nullable: true),
                    Scan = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_StoredFile", x => new { x.AuthorityId, x.Id });
                });

            migrationBuilder.CreateTable(
                name: "TrailContent",
                columns: table => new
                {
                    EntryId = table.Column<Guid>(type: "uuid", nullable: false),
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Content = table.Column<string>(type: "text", nullable: true),
                    Salt = table.Column<byte[]>(type: "bytea", nullable: true),
                    DisposedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    DisposalReason = table.Column<string>(type: "text", nullable: true),
                    LegalHold = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_TrailContent", x => x.EntryId);
                });

            migrationBuilder.CreateTable(
                name: "TrailEntry",
                columns: table => new
                {
                    Position = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    At = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    Kind = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Act = table.Column<string>(type: "text", nullable: false),
                    AccountId = table.Column<Guid>(type: "uuid", nullable: true),
                    AgencyId = table.Column<Guid>(type: "uuid", nullable: true),
                    SubjectId = table.Column<Guid>(type: "uuid", nullable: true),
                    SubjectKind = table.Column<string>(type: "text", nullable: true),
                    Payload = table.Column<string>(type: "text", nullable: false),
                    Hash = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_TrailEntry", x => x.Position);
                });

            migrationBuilder.CreateTable(
                name: "TrailSeal",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Number = table.Column<long>(type: "bigint", nullable: false),
                    At = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    FirstPosition = table.Column<long>(type: "bigint", nullable: false),
                    LastPosition = table.Column<long>(type: "bigint", nullable: false),
                    Count = table.Column<int>(type: "integer", nullable: false),
                    Positions = table.Column<byte[]>(type: "bytea", nullable: false),
                    PreviousHash = table.Column<byte[]>(type: "bytea", nullable: false),
                    Hash = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_TrailSeal", x => new { x.AuthorityId, x.Number });
                });

            migrationBuilder.CreateTable(
                name: "AspNetUserClaims",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    UserId = table.Column<Guid>(type: "uuid", nullable: false),
                    ClaimType = table.Column<string>(type: "text", nullable: true),
                    ClaimValue = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AspNetUserClaims", x => x.Id);
                    table.ForeignKey(
                        name: "FK_AspNetUserClaims_Account_UserId",
                        column: x => x.UserId,
                        principalTable: "Account",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "AspNetUserLogins",
                columns: table => new
                {
                    LoginProvider = table.Column<string>(type: "text", nullable: false),
                    ProviderKey = table.Column<string>(type: "text", nullable: false),
                    ProviderDisplayName = table.Column<string>(type: "text", nullable: true),
                    UserId = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AspNetUserLogins", x => new { x.LoginProvider, x.ProviderKey });
                    table.ForeignKey(
                        name: "FK_AspNetUserLogins_Account_UserId",
                        column: x => x.UserId,
                        principalTable: "Account",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "AspNetUserPasskeys",
                columns: table => new
                {
                    CredentialId = table.Column<byte[]>(type: "bytea", maxLength: 1024, nullable: false),
                    UserId = table.Column<Guid>(type: "uuid", nullable: false),
                    Data = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AspNetUserPasskeys", x => x.CredentialId);
                    table.ForeignKey(
                        name: "FK_AspNetUserPasskeys_Account_UserId",
                        column: x => x.UserId,
                        principalTable: "Account",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "AspNetUserTokens",
                columns: table => new
                {
                    UserId = table.Column<Guid>(type: "uuid", nullable: false),
                    LoginProvider = table.Column<string>(type: "text", nullable: false),
                    Name = table.Column<string>(type: "text", nullable: false),
                    Value = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AspNetUserTokens", x => new { x.UserId, x.LoginProvider, x.Name });
                    table.ForeignKey(
                        name: "FK_AspNetUserTokens_Account_UserId",
                        column: x => x.UserId,
                        principalTable: "Account",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Membership",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    AccountId = table.Column<Guid>(type: "uuid", nullable: false),
                    AgencyId = table.Column<Guid>(type: "uuid", nullable: false),
                    Roles = table.Column<int>(type: "integer", maxLength: 60, nullable: false),
                    JobTitle = table.Column<string>(type: "text", nullable: false),
                    ValidFrom = table.Column<LocalDate>(type: "date", nullable: false),
                    ValidTo = table.Column<LocalDate>(type: "date", nullable: true),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Membership", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_Membership_Account_AccountId",
                        column: x => x.AccountId,
                        principalTable: "Account",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Membership_Agency_AuthorityId_AgencyId",
                        columns: x => new { x.AuthorityId, x.AgencyId },
                        principalTable: "Agency",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "PartnerClient",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ClientId = table.Column<string>(type: "text", nullable: false),
                    AgencyId = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "text", nullable: false),
                    ClosedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PartnerClient", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_PartnerClient_Agency_AuthorityId_AgencyId",
                        columns: x => new { x.AuthorityId, x.AgencyId },
                        principalTable: "Agency",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "CensusCount",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ImportId = table.Column<Guid>(type: "uuid", nullable: false),
                    Kind = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Read = table.Column<int>(type: "integer", nullable: false),
                    Added = table.Column<int>(type: "integer", nullable: false),
                    Changed = table.Column<int>(type: "integer", nullable: false),
                    LeftOut = table.Column<int>(type: "integer", nullable: false),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CensusCount", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_CensusCount_CensusImport_AuthorityId_ImportId",
                        columns: x => new { x.AuthorityId, x.ImportId },
                        principalTable: "CensusImport",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "CensusFinding",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ImportId = table.Column<Guid>(type: "uuid", nullable: false),
                    Line = table.Column<int>(type: "integer", nullable: false),
                    Position = table.Column<int>(type: "integer", nullable: false),
                    Kind = table.Column<string>(type: "text", nullable: false),
                    Element = table.Column<string>(type: "text", nullable: false),
                    LAchildID = table.Column<string>(type: "text", nullable: true),
                    Value = table.Column<string>(type: "text", nullable: true),
                    Message = table.Column<string>(type: "text", nullable: false),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CensusFinding", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_CensusFinding_CensusImport_AuthorityId_ImportId",
                        columns: x => new { x.AuthorityId, x.ImportId },
                        principalTable: "CensusImport",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Contact",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Reference = table.Column<string>(type: "text", nullable: false),
                    Way = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    ReceivedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    ReceivedOn = table.Column<LocalDate>(type: "date", nullable: false),
                    EnteredAt = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    TransmittedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    Words = table.Column<string>(type: "text", nullable: false),
                    Original = table.Column<string>(type: "text", nullable: false),
                    ReferrerKind = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Identity = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    AgencyId = table.Column<Guid>(type: "uuid", nullable: true),
                    EnteredByAccountId = table.Column<Guid>(type: "uuid", nullable: true),
                    ReferrerName = table.Column<string>(type: "text", nullable: true),
                    ReferrerRole = table.Column<string>(type: "text", nullable: true),
                    ReferrerPhone = table.Column<string>(type: "text", nullable: true),
                    ReferrerEmail = table.Column<string>(type: "text", nullable: true),
                    SafeToContact = table.Column<bool>(type: "boolean", nullable: true),
                    SafeContactHow = table.Column<string>(type: "text", nullable: true),
                    SenderReference = table.Column<string>(type: "text", nullable: true),
                    SourceCode = table.Column<string>(type: "text", nullable: true),
                    WhenHappened = table.Column<string>(type: "text", nullable: true),
                    WhereChildIsNow = table.Column<string>(type: "text", nullable: true),
                    WithWhom = table.Column<string>(type: "text", nullable: true),
                    InDangerNow = table.Column<bool>(type: "boolean", nullable: false),
                    SignificantHarmAlleged = table.Column<bool>(type: "boolean", nullable: false),
                    Language = table.Column<string>(type: "text", nullable: true),
                    InterpreterNeeded = table.Column<bool>(type: "boolean", nullable: false),
                    CommunicationNeeds = table.Column<string>(type: "text", nullable: true),
                    FamilyKnows = table.Column<string>(type: "text", nullable: true),
                    LawfulBasis = table.Column<string>(type: "text", nullable: true),
                    NeedsReading = table.Column<bool>(type: "boolean", nullable: false),
                    BatchId = table.Column<Guid>(type: "uuid", nullable: true),
                    BatchRow = table.Column<int>(type: "integer", nullable: true),
                    BeyondRateLimit = table.Column<bool>(type: "boolean", nullable: false),
                    Consultation = table.Column<bool>(type: "boolean", nullable: false),
                    AcknowledgedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    AcknowledgedBy = table.Column<Guid>(type: "uuid", nullable: true),
                    OwnerAccountId = table.Column<Guid>(type: "uuid", nullable: true),
                    OwnedSince = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Contact", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_Contact_Agency_AuthorityId_AgencyId",
                        columns: x => new { x.AuthorityId, x.AgencyId },
                        principalTable: "Agency",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Contact_ImportBatch_AuthorityId_BatchId",
                        columns: x => new { x.AuthorityId, x.BatchId },
                        principalTable: "ImportBatch",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "OpenIddictAuthorizations",
                columns: table => new
                {
                    Id = table.Column<string>(type: "text", nullable: false),
                    ApplicationId = table.Column<string>(type: "text", nullable: true),
                    ConcurrencyToken = table.Column<string>(type: "character varying(50)", maxLength: 50, nullable: true),
                    CreationDate = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    Properties = table.Column<string>(type: "text", nullable: true),
                    Scopes = table.Column<string>(type: "text", nullable: true),
                    Status = table.Column<string>(type: "character varying(50)", maxLength: 50, nullable: true),
                    Subject = table.Column<string>(type: "character varying(400)", maxLength: 400, nullable: true),
                    Type = table.Column<string>(type: "character varying(50)", maxLength: 50, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_OpenIddictAuthorizations", x => x.Id);
                    table.ForeignKey(
                        name: "FK_OpenIddictAuthorizations_OpenIddictApplications_Application~",
                        column: x => x.ApplicationId,
                        principalTable: "OpenIddictApplications",
                        principalColumn: "Id");
                });

            migrationBuilder.CreateTable(
                name: "CensusImportedChild",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ImportId = table.Column<Guid>(type: "uuid", nullable: false),
                    PersonId = table.Column<Guid>(type: "uuid", nullable: false),
                    Line = table.Column<int>(type: "integer", nullable: false),
                    State = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    LAchildID = table.Column<string>(type: "text", nullable: false),
                    Episodes = table.Column<int>(type: "integer", nullable: false),
                    Assessments = table.Column<int>(type: "integer", nullable: false),
                    Section47s = table.Column<int>(type: "integer", nullable: false),
                    ChildInNeedPlans = table.Column<int>(type: "integer", nullable: false),
                    ChildProtectionPlans = table.Column<int>(type: "integer", nullable: false),
                    Reviews = table.Column<int>(type: "integer", nullable: false),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CensusImportedChild", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_CensusImportedChild_CensusImport_AuthorityId_ImportId",
                        columns: x => new { x.AuthorityId, x.ImportId },
                        principalTable: "CensusImport",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_CensusImportedChild_Person_AuthorityId_PersonId",
                        columns: x => new { x.AuthorityId, x.PersonId },
                        principalTable: "Person",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "PersonIdentifier",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    PersonId = table.Column<Guid>(type: "uuid", nullable: false),
                    Kind = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Value = table.Column<string>(type: "text", nullable: false),
                    Issuer = table.Column<string>(type: "text", nullable: true),
                    Source = table.Column<string>(type: "text", nullable: false),
                    RecordedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    EndedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PersonIdentifier", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_PersonIdentifier_Person_AuthorityId_PersonId",
                        columns: x => new { x.AuthorityId, x.PersonId },
                        principalTable: "Person",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "PersonName",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    PersonId = table.Column<Guid>(type: "uuid", nullable: false),
                    GivenName = table.Column<string>(type: "text", nullable: true),
                    FamilyName = table.Column<string>(type: "text", nullable: true),
                    Kind = table.Column<string>(type: "text", nullable: false),
                    Source = table.Column<string>(type: "text", nullable: false),
                    RecordedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    EndedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PersonName", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_PersonName_Person_AuthorityId_PersonId",
                        columns: x => new { x.AuthorityId, x.PersonId },
                        principalTable: "Person",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "PersonPlace",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    PersonId = table.Column<Guid>(type: "uuid", nullable: false),
                    Kind = table.Column<string>(type: "text", nullable: false),
                    Value = table.Column<string>(type: "text", nullable: false),
                    Postcode = table.Column<string>(type: "text", nullable: true),
                    From = table.Column<LocalDate>(type: "date", nullable: true),
                    To = table.Column<LocalDate>(type: "date", nullable: true),
                    Confidential = table.Column<bool>(type: "boolean", nullable: false),
                    Source = table.Column<string>(type: "text", nullable: false),
                    RecordedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PersonPlace", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_PersonPlace_Person_AuthorityId_PersonId",
                        columns: x => new { x.AuthorityId, x.PersonId },
                        principalTable: "Person",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Relationship",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    PersonId = table.Column<Guid>(type: "uuid", nullable: false),
                    OtherId = table.Column<Guid>(type: "uuid", nullable: false),
                    Kind = table.Column<string>(type: "text", nullable: false),
                    From = table.Column<LocalDate>(type: "date", nullable: true),
                    To = table.Column<LocalDate>(type: "date", nullable: true),
                    Source = table.Column<string>(type: "text", nullable: false),
                    Confidence = table.Column<string>(type: "text", nullable: false),
                    RecordedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    EndedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Relationship", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_Relationship_Person_AuthorityId_OtherId",
                        columns: x => new { x.AuthorityId, x.OtherId },
                        principalTable: "Person",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Relationship_Person_AuthorityId_PersonId",
                        columns: x => new { x.AuthorityId, x.PersonId },
                        principalTable: "Person",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Resolution",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    FromId = table.Column<Guid>(type: "uuid", nullable: false),
                    ToId = table.Column<Guid>(type: "uuid", nullable: false),
                    Reason = table.Column<string>(type: "text", nullable: false),
                    ByAccountId = table.Column<Guid>(type: "uuid", nullable: false),
                    At = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    EndedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    EndedBy = table.Column<Guid>(type: "uuid", nullable: true),
                    EndedReason = table.Column<string>(type: "text", nullable: true),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Resolution", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_Resolution_Person_AuthorityId_FromId",
                        columns: x => new { x.AuthorityId, x.FromId },
                        principalTable: "Person",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Resolution_Person_AuthorityId_ToId",
                        columns: x => new { x.AuthorityId, x.ToId },
                        principalTable: "Person",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Clearance",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    SealId = table.Column<Guid>(type: "uuid", nullable: false),
                    SubjectId = table.Column<Guid>(type: "uuid", nullable: false),
                    AccountId = table.Column<Guid>(type: "uuid", nullable: false),
                    At = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    ByAccountId = table.Column<Guid>(type: "uuid", nullable: false),
                    EndedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Clearance", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_Clearance_Seal_AuthorityId_SealId",
                        columns: x => new { x.AuthorityId, x.SealId },
                        principalTable: "Seal",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Enquiry",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Reference = table.Column<string>(type: "text", nullable: false),
                    ContactId = table.Column<Guid>(type: "uuid", nullable: false),
                    OpenedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    OpenedBy = table.Column<Guid>(type: "uuid", nullable: false),
                    Purpose = table.Column<string>(type: "text", nullable: false),
                    LawfulBasis = table.Column<string>(type: "text", nullable: false),
                    ConsentNote = table.Column<string>(type: "text", nullable: false),
                    Rating = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    State = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    ChairAccountId = table.Column<Guid>(type: "uuid", nullable: false),
                    ViewsOpenedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    ViewsOpenedBy = table.Column<Guid>(type: "uuid", nullable: true),
                    ViewsOpenedReason = table.Column<string>(type: "text", nullable: true),
                    Sequence = table.Column<long>(type: "bigint", nullable: false),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Enquiry", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_Enquiry_Contact_AuthorityId_ContactId",
                        columns: x => new { x.AuthorityId, x.ContactId },
                        principalTable: "Contact",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Mention",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ContactId = table.Column<Guid>(type: "uuid", nullable: false),
                    Number = table.Column<int>(type: "integer", nullable: false),
                    Role = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    GivenName = table.Column<string>(type: "text", nullable: true),
                    FamilyName = table.Column<string>(type: "text", nullable: true),
                    OtherNames = table.Column<string>(type: "text", nullable: true),
                    BirthAsReported = table.Column<string>(type: "text", nullable: true),
                    BirthDate = table.Column<LocalDate>(type: "date", nullable: true),
                    Age = table.Column<int>(type: "integer", nullable: true),
                    ExpectedDate = table.Column<LocalDate>(type: "date", nullable: true),
                    Sex = table.Column<string>(type: "text", nullable: true),
                    Address = table.Column<string>(type: "text", nullable: true),
                    Postcode = table.Column<string>(type: "text", nullable: true),
                    Phone = table.Column<string>(type: "text", nullable: true),
                    School = table.Column<string>(type: "text", nullable: true),
                    NhsNumber = table.Column<string>(type: "text", nullable: true),
                    Upn = table.Column<string>(type: "text", nullable: true),
                    SenderPersonId = table.Column<string>(type: "text", nullable: true),
                    Relationship = table.Column<string>(type: "text", nullable: true),
                    Ethnicity = table.Column<string>(type: "text", nullable: true),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Mention", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_Mention_Contact_AuthorityId_ContactId",
                        columns: x => new { x.AuthorityId, x.ContactId },
                        principalTable: "Contact",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "MentionedThing",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ContactId = table.Column<Guid>(type: "uuid", nullable: false),
                    Kind = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    AsReported = table.Column<string>(type: "text", nullable: false),
                    Normal = table.Column<string>(type: "text", nullable: true),
                    Note = table.Column<string>(type: "text", nullable: true),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MentionedThing", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_MentionedThing_Contact_AuthorityId_ContactId",
                        columns: x => new { x.AuthorityId, x.ContactId },
                        principalTable: "Contact",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Telling",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ContactId = table.Column<Guid>(type: "uuid", nullable: false),
                    Kind = table.Column<string>(type: "text", nullable: false),
                    Channel = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    State = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    DueAt = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    SentAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    ToldAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    ToldBy = table.Column<Guid>(type: "uuid", nullable: true),
                    Note = table.Column<string>(type: "text", nullable: true),
                    Attempts = table.Column<int>(type: "integer", nullable: false),
                    Text = table.Column<string>(type: "text", nullable: false),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Telling", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_Telling_Contact_AuthorityId_ContactId",
                        columns: x => new { x.AuthorityId, x.ContactId },
                        principalTable: "Contact",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "OpenIddictTokens",
                columns: table => new
                {
                    Id = table.Column<string>(type: "text", nullable: false),
                    ApplicationId = table.Column<string>(type: "text", nullable: true),
                    AuthorizationId = table.Column<string>(type: "text", nullable: true),
                    ConcurrencyToken = table.Column<string>(type: "character varying(50)", maxLength: 50, nullable: true),
                    CreationDate = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    ExpirationDate = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    Payload = table.Column<string>(type: "text", nullable: true),
                    Properties = table.Column<string>(type: "text", nullable: true),
                    RedemptionDate = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    ReferenceId = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    Status = table.Column<string>(type: "character varying(50)", maxLength: 50, nullable: true),
                    Subject = table.Column<string>(type: "character varying(400)", maxLength: 400, nullable: true),
                    Type = table.Column<string>(type: "character varying(150)", maxLength: 150, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_OpenIddictTokens", x => x.Id);
                    table.ForeignKey(
                        name: "FK_OpenIddictTokens_OpenIddictApplications_ApplicationId",
                        column: x => x.ApplicationId,
                        principalTable: "OpenIddictApplications",
                        principalColumn: "Id");
                    table.ForeignKey(
                        name: "FK_OpenIddictTokens_OpenIddictAuthorizations_AuthorizationId",
                        column: x => x.AuthorizationId,
                        principalTable: "OpenIddictAuthorizations",
                        principalColumn: "Id");
                });

            migrationBuilder.CreateTable(
                name: "AgencyCheck",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    EnquiryId = table.Column<Guid>(type: "uuid", nullable: false),
                    AgencyId = table.Column<Guid>(type: "uuid", nullable: false),
                    Question = table.Column<string>(type: "text", nullable: false),
                    Purpose = table.Column<string>(type: "text", nullable: false),
                    LawfulBasis = table.Column<string>(type: "text", nullable: false),
                    AskedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    AskedBy = table.Column<Guid>(type: "uuid", nullable: false),
                    DueAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    RemindAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    RemindedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    LateToldAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    State = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    AnsweredAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    AnsweredBy = table.Column<Guid>(type: "uuid", nullable: true),
                    SignedAs = table.Column<string>(type: "text", nullable: true),
                    Answer = table.Column<string>(type: "text", nullable: true),
                    NotSharedBecause = table.Column<string>(type: "text", nullable: true),
                    WithdrawnBecause = table.Column<string>(type: "text", nullable: true),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AgencyCheck", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_AgencyCheck_Agency_AuthorityId_AgencyId",
                        columns: x => new { x.AuthorityId, x.AgencyId },
                        principalTable: "Agency",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_AgencyCheck_Enquiry_AuthorityId_EnquiryId",
                        columns: x => new { x.AuthorityId, x.EnquiryId },
                        principalTable: "Enquiry",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "AgencyView",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    EnquiryId = table.Column<Guid>(type: "uuid", nullable: false),
                    AgencyId = table.Column<Guid>(type: "uuid", nullable: false),
                    ByAccountId = table.Column<Guid>(type: "uuid", nullable: false),
                    Level = table.Column<int>(type: "integer", nullable: false),
                    Words = table.Column<string>(type: "text", nullable: false),
                    At = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    Blind = table.Column<bool>(type: "boolean", nullable: false),
                    Sequence = table.Column<long>(type: "bigint", nullable: false),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AgencyView", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_AgencyView_Agency_AuthorityId_AgencyId",
                        columns: x => new { x.AuthorityId, x.AgencyId },
                        principalTable: "Agency",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_AgencyView_Enquiry_AuthorityId_EnquiryId",
                        columns: x => new { x.AuthorityId, x.EnquiryId },
                        principalTable: "Enquiry",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Participant",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    EnquiryId = table.Column<Guid>(type: "uuid", nullable: false),
                    AgencyId = table.Column<Guid>(type: "uuid", nullable: false),
                    JoinedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    AddedBy = table.Column<Guid>(type: "uuid", nullable: false),
                    LeftAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    LeftReason = table.Column<string>(type: "text", nullable: true),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Participant", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_Participant_Agency_AuthorityId_AgencyId",
                        columns: x => new { x.AuthorityId, x.AgencyId },
                        principalTable: "Agency",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Participant_Enquiry_AuthorityId_EnquiryId",
                        columns: x => new { x.AuthorityId, x.EnquiryId },
                        principalTable: "Enquiry",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "RoomDecision",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    EnquiryId = table.Column<Guid>(type: "uuid", nullable: false),
                    Number = table.Column<int>(type: "integer", nullable: false),
                    Outcome = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Level = table.Column<int>(type: "integer", nullable: false),
                    Rationale = table.Column<string>(type: "text", nullable: false),
                    OptionsRejected = table.Column<string>(type: "text", nullable: false),
                    At = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    ByAccountId = table.Column<Guid>(type: "uuid", nullable: false),
                    ToAgencyId = table.Column<Guid>(type: "uuid", nullable: true),
                    RevisesId = table.Column<Guid>(type: "uuid", nullable: true),
                    RevisedBecause = table.Column<string>(type: "text", nullable: true),
                    QuorumWaivedBecause = table.Column<string>(type: "text", nullable: true),
                    EvidenceHash = table.Column<byte[]>(type: "bytea", nullable: false),
                    State = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    SecondNeededBecause = table.Column<string>(type: "text", nullable: true),
                    SecondAccountId = table.Column<Guid>(type: "uuid", nullable: true),
                    SecondAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    SecondWords = table.Column<string>(type: "text", nullable: true),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RoomDecision", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_RoomDecision_Enquiry_AuthorityId_EnquiryId",
                        columns: x => new { x.AuthorityId, x.EnquiryId },
                        principalTable: "Enquiry",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_RoomDecision_RoomDecision_AuthorityId_RevisesId",
                        columns: x => new { x.AuthorityId, x.RevisesId },
                        principalTable: "RoomDecision",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "RoomMessage",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    EnquiryId = table.Column<Guid>(type: "uuid", nullable: false),
                    AgencyId = table.Column<Guid>(type: "uuid", nullable: false),
                    ByAccountId = table.Column<Guid>(type: "uuid", nullable: false),
                    Words = table.Column<string>(type: "text", nullable: false),
                    At = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    Sequence = table.Column<long>(type: "bigint", nullable: false),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RoomMessage", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_RoomMessage_Agency_AuthorityId_AgencyId",
                        columns: x => new { x.AuthorityId, x.AgencyId },
                        principalTable: "Agency",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_RoomMessage_Enquiry_AuthorityId_EnquiryId",
                        columns: x => new { x.AuthorityId, x.EnquiryId },
                        principalTable: "Enquiry",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "RoomSeen",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    EnquiryId = table.Column<Guid>(type: "uuid", nullable: false),
                    AccountId = table.Column<Guid>(type: "uuid", nullable: false),
                    Sequence = table.Column<long>(type: "bigint", nullable: false),
                    At = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RoomSeen", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_RoomSeen_Enquiry_AuthorityId_EnquiryId",
                        columns: x => new { x.AuthorityId, x.EnquiryId },
                        principalTable: "Enquiry",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "ChildsWords",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ContactId = table.Column<Guid>(type: "uuid", nullable: false),
                    MentionId = table.Column<Guid>(type: "uuid", nullable: true),
                    Words = table.Column<string>(type: "text", nullable: false),
                    SaidTo = table.Column<string>(type: "text", nullable: true),
                    SaidWhen = table.Column<string>(type: "text", nullable: true),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ChildsWords", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_ChildsWords_Contact_AuthorityId_ContactId",
                        columns: x => new { x.AuthorityId, x.ContactId },
                        principalTable: "Contact",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_ChildsWords_Mention_AuthorityId_MentionId",
                        columns: x => new { x.AuthorityId, x.MentionId },
                        principalTable: "Mention",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "ContactLine",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ContactId = table.Column<Guid>(type: "uuid", nullable: false),
                    Number = table.Column<int>(type: "integer", nullable: false),
                    MentionId = table.Column<Guid>(type: "uuid", nullable: true),
                    ReceivedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    ReceivedOn = table.Column<LocalDate>(type: "date", nullable: false),
                    AgencyId = table.Column<Guid>(type: "uuid", nullable: true),
                    State = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Rating = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    RatedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    Outcome = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    SettledAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    EnquiryId = table.Column<Guid>(type: "uuid", nullable: true),
                    MergedIntoLineId = table.Column<Guid>(type: "uuid", nullable: true),
                    RecallOwnerId = table.Column<Guid>(type: "uuid", nullable: true),
                    RecallOn = table.Column<LocalDate>(type: "date", nullable: true),
                    DecisionDueAt = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    TargetDueAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ContactLine", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_ContactLine_ContactLine_AuthorityId_MergedIntoLineId",
                        columns: x => new { x.AuthorityId, x.MergedIntoLineId },
                        principalTable: "ContactLine",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_ContactLine_Contact_AuthorityId_ContactId",
                        columns: x => new { x.AuthorityId, x.ContactId },
                        principalTable: "Contact",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_ContactLine_Mention_AuthorityId_MentionId",
                        columns: x => new { x.AuthorityId, x.MentionId },
                        principalTable: "Mention",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Identification",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    MentionId = table.Column<Guid>(type: "uuid", nullable: false),
                    PersonId = table.Column<Guid>(type: "uuid", nullable: false),
                    ByAccountId = table.Column<Guid>(type: "uuid", nullable: false),
                    At = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    Reason = table.Column<string>(type: "text", nullable: false),
                    NewPerson = table.Column<bool>(type: "boolean", nullable: false),
                    UndoneAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    UndoneBy = table.Column<Guid>(type: "uuid", nullable: true),
                    UndoneReason = table.Column<string>(type: "text", nullable: true),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Identification", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_Identification_Mention_AuthorityId_MentionId",
                        columns: x => new { x.AuthorityId, x.MentionId },
                        principalTable: "Mention",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Identification_Person_AuthorityId_PersonId",
                        columns: x => new { x.AuthorityId, x.PersonId },
                        principalTable: "Person",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Contribution",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    EnquiryId = table.Column<Guid>(type: "uuid", nullable: false),
                    AgencyId = table.Column<Guid>(type: "uuid", nullable: false),
                    ByAccountId = table.Column<Guid>(type: "uuid", nullable: false),
                    CheckId = table.Column<Guid>(type: "uuid", nullable: true),
                    Words = table.Column<string>(type: "text", nullable: false),
                    Nature = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Concerns = table.Column<List<Guid>>(type: "uuid[]", nullable: false),
                    GivenBy = table.Column<string>(type: "text", nullable: true),
                    ThirdParties = table.Column<string>(type: "text", nullable: true),
                    HappenedOn = table.Column<LocalDate>(type: "date", nullable: true),
                    HappenedWhen = table.Column<string>(type: "text", nullable: true),
                    KnownAt = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    RecordedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    MaySee = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    NamedAgencies = table.Column<List<Guid>>(type: "uuid[]", nullable: false),
                    MayTellFamily = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    MayLeaveRoom = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    CorrectsId = table.Column<Guid>(type: "uuid", nullable: true),
                    SharedFromId = table.Column<Guid>(type: "uuid", nullable: true),
                    SharedBecause = table.Column<string>(type: "text", nullable: true),
                    Sequence = table.Column<long>(type: "bigint", nullable: false),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Contribution", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_Contribution_AgencyCheck_AuthorityId_CheckId",
                        columns: x => new { x.AuthorityId, x.CheckId },
                        principalTable: "AgencyCheck",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Contribution_Agency_AuthorityId_AgencyId",
                        columns: x => new { x.AuthorityId, x.AgencyId },
                        principalTable: "Agency",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Contribution_Contribution_AuthorityId_CorrectsId",
                        columns: x => new { x.AuthorityId, x.CorrectsId },
                        principalTable: "Contribution",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Contribution_Contribution_AuthorityId_SharedFromId",
                        columns: x => new { x.AuthorityId, x.SharedFromId },
                        principalTable: "Contribution",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Contribution_Enquiry_AuthorityId_EnquiryId",
                        columns: x => new { x.AuthorityId, x.EnquiryId },
                        principalTable: "Enquiry",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "DecisionEvidence",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    DecisionId = table.Column<Guid>(type: "uuid", nullable: false),
                    Order = table.Column<int>(type: "integer", nullable: false),
                    Kind = table.Column<string>(type: "text", nullable: false),
                    ItemId = table.Column<Guid>(type: "uuid", nullable: false),
                    Salt = table.Column<byte[]>(type: "bytea", nullable: false),
                    Hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DecisionEvidence", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_DecisionEvidence_RoomDecision_AuthorityId_DecisionId",
                        columns: x => new { x.AuthorityId, x.DecisionId },
                        principalTable: "RoomDecision",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "DecisionPosition",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    DecisionId = table.Column<Guid>(type: "uuid", nullable: false),
                    AgencyId = table.Column<Guid>(type: "uuid", nullable: false),
                    ByAccountId = table.Column<Guid>(type: "uuid", nullable: false),
                    Agrees = table.Column<bool>(type: "boolean", nullable: false),
                    Words = table.Column<string>(type: "text", nullable: false),
                    At = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DecisionPosition", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_DecisionPosition_Agency_AuthorityId_AgencyId",
                        columns: x => new { x.AuthorityId, x.AgencyId },
                        principalTable: "Agency",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_DecisionPosition_RoomDecision_AuthorityId_DecisionId",
                        columns: x => new { x.AuthorityId, x.DecisionId },
                        principalTable: "RoomDecision",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "LookAgain",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    DecisionId = table.Column<Guid>(type: "uuid", nullable: false),
                    EnquiryId = table.Column<Guid>(type: "uuid", nullable: false),
                    ItemKind = table.Column<string>(type: "text", nullable: false),
                    ItemId = table.Column<Guid>(type: "uuid", nullable: false),
                    ArrivedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    SettledAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    SettledBy = table.Column<Guid>(type: "uuid", nullable: true),
                    Result = table.Column<string>(type: "text", nullable: true),
                    Reason = table.Column<string>(type: "text", nullable: true),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_LookAgain", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_LookAgain_Enquiry_AuthorityId_EnquiryId",
                        columns: x => new { x.AuthorityId, x.EnquiryId },
                        principalTable: "Enquiry",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_LookAgain_RoomDecision_AuthorityId_DecisionId",
                        columns: x => new { x.AuthorityId, x.DecisionId },
                        principalTable: "RoomDecision",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "EnquiryLine",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    EnquiryId = table.Column<Guid>(type: "uuid", nullable: false),
                    LineId = table.Column<Guid>(type: "uuid", nullable: false),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_EnquiryLine", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_EnquiryLine_ContactLine_AuthorityId_LineId",
                        columns: x => new { x.AuthorityId, x.LineId },
                        principalTable: "ContactLine",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_EnquiryLine_Enquiry_AuthorityId_EnquiryId",
                        columns: x => new { x.AuthorityId, x.EnquiryId },
                        principalTable: "Enquiry",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "LineDecision",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    LineId = table.Column<Guid>(type: "uuid", nullable: false),
                    Outcome = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Reason = table.Column<string>(type: "text", nullable: false),
                    At = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    ByAccountId = table.Column<Guid>(type: "uuid", nullable: false),
                    State = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    SecondNeededBecause = table.Column<string>(type: "text", nullable: true),
                    SecondAccountId = table.Column<Guid>(type: "uuid", nullable: true),
                    SecondAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    SecondWords = table.Column<string>(type: "text", nullable: true),
                    ToAgencyId = table.Column<Guid>(type: "uuid", nullable: true),
                    ToTeam = table.Column<string>(type: "text", nullable: true),
                    RecallOn = table.Column<LocalDate>(type: "date", nullable: true),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_LineDecision", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_LineDecision_ContactLine_AuthorityId_LineId",
                        columns: x => new { x.AuthorityId, x.LineId },
                        principalTable: "ContactLine",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "LineRating",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    LineId = table.Column<Guid>(type: "uuid", nullable: false),
                    Rating = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Reason = table.Column<string>(type: "text", nullable: false),
                    At = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    ByAccountId = table.Column<Guid>(type: "uuid", nullable: false),
                    TargetDueAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_LineRating", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_LineRating_ContactLine_AuthorityId_LineId",
                        columns: x => new { x.AuthorityId, x.LineId },
                        principalTable: "ContactLine",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "ReferralEpisode",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    PersonId = table.Column<Guid>(type: "uuid", nullable: false),
                    LineId = table.Column<Guid>(type: "uuid", nullable: true),
                    ReferralDate = table.Column<LocalDate>(type: "date", nullable: false),
                    SourceCode = table.Column<string>(type: "text", nullable: true),
                    PrimaryNeed = table.Column<string>(type: "text", nullable: true),
                    ClosedOn = table.Column<LocalDate>(type: "date", nullable: true),
                    ReasonForClosure = table.Column<string>(type: "text", nullable: true),
                    InitialConferenceDate = table.Column<LocalDate>(type: "date", nullable: true),
                    NoFurtherAction = table.Column<bool>(type: "boolean", nullable: false),
                    Origin = table.Column<string>(type: "text", nullable: false),
                    RecordedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    ClosureRecordedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ReferralEpisode", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_ReferralEpisode_ContactLine_AuthorityId_LineId",
                        columns: x => new { x.AuthorityId, x.LineId },
                        principalTable: "ContactLine",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_ReferralEpisode_Person_AuthorityId_PersonId",
                        columns: x => new { x.AuthorityId, x.PersonId },
                        principalTable: "Person",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Escalation",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    EnquiryId = table.Column<Guid>(type: "uuid", nullable: false),
                    PositionId = table.Column<Guid>(type: "uuid", nullable: false),
                    RaisedByAgencyId = table.Column<Guid>(type: "uuid", nullable: false),
                    RaisedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    Level = table.Column<int>(type: "integer", nullable: false),
                    LevelDueAt = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    ResolvedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    ResolvedByHub = table.Column<Guid>(type: "uuid", nullable: true),
                    HubSays = table.Column<string>(type: "text", nullable: true),
                    ResolvedByRaiser = table.Column<Guid>(type: "uuid", nullable: true),
                    RaiserSays = table.Column<string>(type: "text", nullable: true),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Escalation", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_Escalation_Agency_AuthorityId_RaisedByAgencyId",
                        columns: x => new { x.AuthorityId, x.RaisedByAgencyId },
                        principalTable: "Agency",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Escalation_DecisionPosition_AuthorityId_PositionId",
                        columns: x => new { x.AuthorityId, x.PositionId },
                        principalTable: "DecisionPosition",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Escalation_Enquiry_AuthorityId_EnquiryId",
                        columns: x => new { x.AuthorityId, x.EnquiryId },
                        principalTable: "Enquiry",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Assessment",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    EpisodeId = table.Column<Guid>(type: "uuid", nullable: false),
                    StartedOn = table.Column<LocalDate>(type: "date", nullable: false),
                    InternalReviewOn = table.Column<LocalDate>(type: "date", nullable: true),
                    AuthorisedOn = table.Column<LocalDate>(type: "date", nullable: true),
                    Factors = table.Column<List<string>>(type: "text[]", nullable: false),
                    RecordedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    AuthorisationRecordedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Assessment", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_Assessment_ReferralEpisode_AuthorityId_EpisodeId",
                        columns: x => new { x.AuthorityId, x.EpisodeId },
                        principalTable: "ReferralEpisode",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Plan",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    PersonId = table.Column<Guid>(type: "uuid", nullable: false),
                    EpisodeId = table.Column<Guid>(type: "uuid", nullable: true),
                    Kind = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    StartedOn = table.Column<LocalDate>(type: "date", nullable: false),
                    EndedOn = table.Column<LocalDate>(type: "date", nullable: true),
                    InitialCategory = table.Column<string>(type: "text", nullable: true),
                    LatestCategory = table.Column<string>(type: "text", nullable: true),
                    PreviousPlans = table.Column<int>(type: "integer", nullable: true),
                    RecordedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    EndRecordedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Plan", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_Plan_Person_AuthorityId_PersonId",
                        columns: x => new { x.AuthorityId, x.PersonId },
                        principalTable: "Person",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Plan_ReferralEpisode_AuthorityId_EpisodeId",
                        columns: x => new { x.AuthorityId, x.EpisodeId },
                        principalTable: "ReferralEpisode",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Section47",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    EpisodeId = table.Column<Guid>(type: "uuid", nullable: false),
                    StartedOn = table.Column<LocalDate>(type: "date", nullable: false),
                    ConferenceTarget = table.Column<LocalDate>(type: "date", nullable: true),
                    ConferenceOn = table.Column<LocalDate>(type: "date", nullable: true),
                    ConferenceNotRequired = table.Column<bool>(type: "boolean", nullable: false),
                    RecordedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    ConferenceRecordedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Section47", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_Section47_ReferralEpisode_AuthorityId_EpisodeId",
                        columns: x => new { x.AuthorityId, x.EpisodeId },
                        principalTable: "ReferralEpisode",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "EscalationStep",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    EscalationId = table.Column<Guid>(type: "uuid", nullable: false),
                    Level = table.Column<int>(type: "integer", nullable: false),
                    At = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    ByAccountId = table.Column<Guid>(type: "uuid", nullable: true),
                    Reason = table.Column<string>(type: "text", nullable: false),
                    DueAt = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_EscalationStep", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_EscalationStep_Escalation_AuthorityId_EscalationId",
                        columns: x => new { x.AuthorityId, x.EscalationId },
                        principalTable: "Escalation",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "PlanReview",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    PlanId = table.Column<Guid>(type: "uuid", nullable: false),
                    HeldOn = table.Column<LocalDate>(type: "date", nullable: false),
                    RecordedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PlanReview", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_PlanReview_Plan_AuthorityId_PlanId",
                        columns: x => new { x.AuthorityId, x.PlanId },
                        principalTable: "Plan",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "EmailIndex",
                table: "Account",
                column: "NormalizedEmail");

            migrationBuilder.CreateIndex(
                name: "UserNameIndex",
                table: "Account",
                column: "NormalizedUserName",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_AgencyCheck_AuthorityId_AgencyId",
                table: "AgencyCheck",
                columns: new[] { "AuthorityId", "AgencyId" });

            migrationBuilder.CreateIndex(
                name: "IX_AgencyCheck_AuthorityId_EnquiryId",
                table: "AgencyCheck",
                columns: new[] { "AuthorityId", "EnquiryId" });

            migrationBuilder.CreateIndex(
                name: "IX_AgencyCheck_AuthorityId_State_DueAt",
                table: "AgencyCheck",
                columns: new[] { "AuthorityId", "State", "DueAt" });

            migrationBuilder.CreateIndex(
                name: "IX_AgencyView_AuthorityId_AgencyId",
                table: "AgencyView",
                columns: new[] { "AuthorityId", "AgencyId" });

            migrationBuilder.CreateIndex(
                name: "IX_AgencyView_AuthorityId_EnquiryId",
                table: "AgencyView",
                columns: new[] { "AuthorityId", "EnquiryId" });

            migrationBuilder.CreateIndex(
                name: "IX_AspNetUserClaims_UserId",
                table: "AspNetUserClaims",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_AspNetUserLogins_UserId",
                table: "AspNetUserLogins",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_AspNetUserPasskeys_UserId",
                table: "AspNetUserPasskeys",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_Assessment_AuthorityId_EpisodeId",
                table: "Assessment",
                columns: new[] { "AuthorityId", "EpisodeId" });

            migrationBuilder.CreateIndex(
                name: "IX_Authority_Code",
                table: "Authority",
                column: "Code",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Authority_Host",
                table: "Authority",
                column: "Host",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_BreakGlass_AuthorityId_ReviewedAt",
                table: "BreakGlass",
                columns: new[] { "AuthorityId", "ReviewedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_BreakGlass_AuthorityId_SubjectId_AccountId_Until",
                table: "BreakGlass",
                columns: new[] { "AuthorityId", "SubjectId", "AccountId", "Until" });

            migrationBuilder.CreateIndex(
                name: "IX_CensusCount_AuthorityId_ImportId",
                table: "CensusCount",
                columns: new[] { "AuthorityId", "ImportId" });

            migrationBuilder.CreateIndex(
                name: "IX_CensusFinding_AuthorityId_ImportId",
                table: "CensusFinding",
                columns: new[] { "AuthorityId", "ImportId" });

            migrationBuilder.CreateIndex(
                name: "IX_CensusImport_AuthorityId_Sha256",
                table: "CensusImport",
                columns: new[] { "AuthorityId", "Sha256" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_CensusImportedChild_AuthorityId_ImportId",
                table: "CensusImportedChild",
                columns: new[] { "AuthorityId", "ImportId" });

            migrationBuilder.CreateIndex(
                name: "IX_CensusImportedChild_AuthorityId_PersonId",
                table: "CensusImportedChild",
                columns: new[] { "AuthorityId", "PersonId" });

            migrationBuilder.CreateIndex(
                name: "IX_ChildsWords_AuthorityId_ContactId",
                table: "ChildsWords",
                columns: new[] { "AuthorityId", "ContactId" });

            migrationBuilder.CreateIndex(
                name: "IX_ChildsWords_AuthorityId_MentionId",
                table: "ChildsWords",
                columns: new[] { "AuthorityId", "MentionId" });

            migrationBuilder.CreateIndex(
                name: "IX_Clearance_AuthorityId_SealId",
                table: "Clearance",
                columns: new[] { "AuthorityId", "SealId" });

            migrationBuilder.CreateIndex(
                name: "IX_Clearance_AuthorityId_SubjectId_AccountId",
                table: "Clearance",
                columns: new[] { "AuthorityId", "SubjectId", "AccountId" });

            migrationBuilder.CreateIndex(
                name: "IX_ConflictOfInterest_AuthorityId_AccountId_SubjectId",
                table: "ConflictOfInterest",
                columns: new[] { "AuthorityId", "AccountId", "SubjectId" });

            migrationBuilder.CreateIndex(
                name: "IX_Contact_AuthorityId_AgencyId_ReceivedAt",
                table: "Contact",
                columns: new[] { "AuthorityId", "AgencyId", "ReceivedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Contact_AuthorityId_BatchId",
                table: "Contact",
                columns: new[] { "AuthorityId", "BatchId" });

            migrationBuilder.CreateIndex(
                name: "IX_Contact_AuthorityId_EnteredByAccountId",
                table: "Contact",
                columns: new[] { "AuthorityId", "EnteredByAccountId" });

            migrationBuilder.CreateIndex(
                name: "IX_Contact_AuthorityId_ReceivedAt",
                table: "Contact",
                columns: new[] { "AuthorityId", "ReceivedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Contact_AuthorityId_ReceivedOn",
                table: "Contact",
                columns: new[] { "AuthorityId", "ReceivedOn" });

            migrationBuilder.CreateIndex(
                name: "IX_Contact_AuthorityId_Reference",
                table: "Contact",
                columns: new[] { "AuthorityId", "Reference" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Contact_AuthorityId_SenderReference",
                table: "Contact",
                columns: new[] { "AuthorityId", "SenderReference" });

            migrationBuilder.CreateIndex(
                name: "IX_ContactLine_AuthorityId_ContactId_Number",
                table: "ContactLine",
                columns: new[] { "AuthorityId", "ContactId", "Number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_ContactLine_AuthorityId_MentionId",
                table: "ContactLine",
                columns: new[] { "AuthorityId", "MentionId" });

            migrationBuilder.CreateIndex(
                name: "IX_ContactLine_AuthorityId_MergedIntoLineId",
                table: "ContactLine",
                columns: new[] { "AuthorityId", "MergedIntoLineId" });

            migrationBuilder.CreateIndex(
                name: "IX_ContactLine_AuthorityId_ReceivedOn_State",
                table: "ContactLine",
                columns: new[] { "AuthorityId", "ReceivedOn", "State" });

            migrationBuilder.CreateIndex(
                name: "IX_ContactLine_AuthorityId_State_ReceivedAt",
                table: "ContactLine",
                columns: new[] { "AuthorityId", "State", "ReceivedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Contribution_AuthorityId_AgencyId",
                table: "Contribution",
                columns: new[] { "AuthorityId", "AgencyId" });

            migrationBuilder.CreateIndex(
                name: "IX_Contribution_AuthorityId_CheckId",
                table: "Contribution",
                columns: new[] { "AuthorityId", "CheckId" });

            migrationBuilder.CreateIndex(
                name: "IX_Contribution_AuthorityId_CorrectsId",
                table: "Contribution",
                columns: new[] { "AuthorityId", "CorrectsId" });

            migrationBuilder.CreateIndex(
                name: "IX_Contribution_AuthorityId_EnquiryId_Sequence",
                table: "Contribution",
                columns: new[] { "AuthorityId", "EnquiryId", "Sequence" });

            migrationBuilder.CreateIndex(
                name: "IX_Contribution_AuthorityId_SharedFromId",
                table: "Contribution",
                columns: new[] { "AuthorityId", "SharedFromId" });

            migrationBuilder.CreateIndex(
                name: "IX_DecisionEvidence_AuthorityId_DecisionId_Order",
                table: "DecisionEvidence",
                columns: new[] { "AuthorityId", "DecisionId", "Order" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_DecisionPosition_AuthorityId_AgencyId",
                table: "DecisionPosition",
                columns: new[] { "AuthorityId", "AgencyId" });

            migrationBuilder.CreateIndex(
                name: "IX_DecisionPosition_AuthorityId_DecisionId",
                table: "DecisionPosition",
                columns: new[] { "AuthorityId", "DecisionId" });

            migrationBuilder.CreateIndex(
                name: "IX_Draft_AuthorityId_AccountId_SentAt",
                table: "Draft",
                columns: new[] { "AuthorityId", "AccountId", "SentAt" });

            migrationBuilder.CreateIndex(
                name: "IX_DutyShift_AuthorityId_Start_End",
                table: "DutyShift",
                columns: new[] { "AuthorityId", "Start", "End" });

            migrationBuilder.CreateIndex(
                name: "IX_Enquiry_AuthorityId_ContactId",
                table: "Enquiry",
                columns: new[] { "AuthorityId", "ContactId" });

            migrationBuilder.CreateIndex(
                name: "IX_Enquiry_AuthorityId_Reference",
                table: "Enquiry",
                columns: new[] { "AuthorityId", "Reference" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Enquiry_AuthorityId_State_OpenedAt",
                table: "Enquiry",
                columns: new[] { "AuthorityId", "State", "OpenedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_EnquiryLine_AuthorityId_EnquiryId",
                table: "EnquiryLine",
                columns: new[] { "AuthorityId", "EnquiryId" });

            migrationBuilder.CreateIndex(
                name: "IX_EnquiryLine_AuthorityId_LineId",
                table: "EnquiryLine",
                columns: new[] { "AuthorityId", "LineId" });

            migrationBuilder.CreateIndex(
                name: "IX_Escalation_AuthorityId_EnquiryId",
                table: "Escalation",
                columns: new[] { "AuthorityId", "EnquiryId" });

            migrationBuilder.CreateIndex(
                name: "IX_Escalation_AuthorityId_PositionId",
                table: "Escalation",
                columns: new[] { "AuthorityId", "PositionId" });

            migrationBuilder.CreateIndex(
                name: "IX_Escalation_AuthorityId_RaisedByAgencyId",
                table: "Escalation",
                columns: new[] { "AuthorityId", "RaisedByAgencyId" });

            migrationBuilder.CreateIndex(
                name: "IX_Escalation_AuthorityId_ResolvedAt_LevelDueAt",
                table: "Escalation",
                columns: new[] { "AuthorityId", "ResolvedAt", "LevelDueAt" });

            migrationBuilder.CreateIndex(
                name: "IX_EscalationStep_AuthorityId_EscalationId",
                table: "EscalationStep",
                columns: new[] { "AuthorityId", "EscalationId" });

            migrationBuilder.CreateIndex(
                name: "IX_HandOver_AuthorityId_SubjectId",
                table: "HandOver",
                columns: new[] { "AuthorityId", "SubjectId" });

            migrationBuilder.CreateIndex(
                name: "IX_HandOver_AuthorityId_ToAccountId_ClosedAt",
                table: "HandOver",
                columns: new[] { "AuthorityId", "ToAccountId", "ClosedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Identification_AuthorityId_MentionId_UndoneAt",
                table: "Identification",
                columns: new[] { "AuthorityId", "MentionId", "UndoneAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Identification_AuthorityId_PersonId_UndoneAt",
                table: "Identification",
                columns: new[] { "AuthorityId", "PersonId", "UndoneAt" });

            migrationBuilder.CreateIndex(
                name: "IX_ImportBatch_AuthorityId_Sha256",
                table: "ImportBatch",
                columns: new[] { "AuthorityId", "Sha256" });

            migrationBuilder.CreateIndex(
                name: "IX_LineDecision_AuthorityId_LineId",
                table: "LineDecision",
                columns: new[] { "AuthorityId", "LineId" });

            migrationBuilder.CreateIndex(
                name: "IX_LineDecision_AuthorityId_State_At",
                table: "LineDecision",
                columns: new[] { "AuthorityId", "State", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_LineRating_AuthorityId_LineId",
                table: "LineRating",
                columns: new[] { "AuthorityId", "LineId" });

            migrationBuilder.CreateIndex(
                name: "IX_LookAgain_AuthorityId_DecisionId",
                table: "LookAgain",
                columns: new[] { "AuthorityId", "DecisionId" });

            migrationBuilder.CreateIndex(
                name: "IX_LookAgain_AuthorityId_EnquiryId",
                table: "LookAgain",
                columns: new[] { "AuthorityId", "EnquiryId" });

            migrationBuilder.CreateIndex(
                name: "IX_LookAgain_AuthorityId_SettledAt",
                table: "LookAgain",
                columns: new[] { "AuthorityId", "SettledAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Membership_AccountId",
                table: "Membership",
                column: "AccountId");

            migrationBuilder.CreateIndex(
                name: "IX_Membership_AuthorityId_AgencyId",
                table: "Membership",
                columns: new[] { "AuthorityId", "AgencyId" });

            migrationBuilder.CreateIndex(
                name: "IX_Mention_AuthorityId_ContactId_Number",
                table: "Mention",
                columns: new[] { "AuthorityId", "ContactId", "Number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_MentionedThing_AuthorityId_ContactId",
                table: "MentionedThing",
                columns: new[] { "AuthorityId", "ContactId" });

            migrationBuilder.CreateIndex(
                name: "IX_MentionedThing_AuthorityId_Kind_Normal",
                table: "MentionedThing",
                columns: new[] { "AuthorityId", "Kind", "Normal" });

            migrationBuilder.CreateIndex(
                name: "IX_Notice_AuthorityId_SeenAt_ToAccountId",
                table: "Notice",
                columns: new[] { "AuthorityId", "SeenAt", "ToAccountId" });

            migrationBuilder.CreateIndex(
                name: "IX_Notice_AuthorityId_SubjectId",
                table: "Notice",
                columns: new[] { "AuthorityId", "SubjectId" });

            migrationBuilder.CreateIndex(
                name: "IX_OpenIddictApplications_ClientId",
                table: "OpenIddictApplications",
                column: "ClientId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_OpenIddictAuthorizations_ApplicationId_Status_Subject_Type",
                table: "OpenIddictAuthorizations",
                columns: new[] { "ApplicationId", "Status", "Subject", "Type" });

            migrationBuilder.CreateIndex(
                name: "IX_OpenIddictScopes_Name",
                table: "OpenIddictScopes",
                column: "Name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_OpenIddictTokens_ApplicationId_Status_Subject_Type",
                table: "OpenIddictTokens",
                columns: new[] { "ApplicationId", "Status", "Subject", "Type" });

            migrationBuilder.CreateIndex(
                name: "IX_OpenIddictTokens_AuthorizationId",
                table: "OpenIddictTokens",
                column: "AuthorizationId");

            migrationBuilder.CreateIndex(
                name: "IX_OpenIddictTokens_ReferenceId",
                table: "OpenIddictTokens",
                column: "ReferenceId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_OutboxMessage_AuthorityId_Key",
                table: "OutboxMessage",
                columns: new[] { "AuthorityId", "Key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_OutboxMessage_State_DueAt",
                table: "OutboxMessage",
                columns: new[] { "State", "DueAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Participant_AuthorityId_AgencyId_LeftAt",
                table: "Participant",
                columns: new[] { "AuthorityId", "AgencyId", "LeftAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Participant_AuthorityId_EnquiryId",
                table: "Participant",
                columns: new[] { "AuthorityId", "EnquiryId" });

            migrationBuilder.CreateIndex(
                name: "IX_PartnerClient_AuthorityId_AgencyId",
                table: "PartnerClient",
                columns: new[] { "AuthorityId", "AgencyId" });

            migrationBuilder.CreateIndex(
                name: "IX_PartnerClient_ClientId",
                table: "PartnerClient",
                column: "ClientId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Person_AuthorityId_BirthDate",
                table: "Person",
                columns: new[] { "AuthorityId", "BirthDate" });

            migrationBuilder.CreateIndex(
                name: "IX_Person_AuthorityId_ChangedAt",
                table: "Person",
                columns: new[] { "AuthorityId", "ChangedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Person_AuthorityId_FamilyName_GivenName",
                table: "Person",
                columns: new[] { "AuthorityId", "FamilyName", "GivenName" });

            migrationBuilder.CreateIndex(
                name: "IX_Person_AuthorityId_Reference",
                table: "Person",
                columns: new[] { "AuthorityId", "Reference" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_PersonIdentifier_AuthorityId_Kind_Value",
                table: "PersonIdentifier",
                columns: new[] { "AuthorityId", "Kind", "Value" });

            migrationBuilder.CreateIndex(
                name: "IX_PersonIdentifier_AuthorityId_PersonId",
                table: "PersonIdentifier",
                columns: new[] { "AuthorityId", "PersonId" });

            migrationBuilder.CreateIndex(
                name: "IX_PersonName_AuthorityId_PersonId",
                table: "PersonName",
                columns: new[] { "AuthorityId", "PersonId" });

            migrationBuilder.CreateIndex(
                name: "IX_PersonPlace_AuthorityId_PersonId",
                table: "PersonPlace",
                columns: new[] { "AuthorityId", "PersonId" });

            migrationBuilder.CreateIndex(
                name: "IX_PersonPlace_AuthorityId_Postcode",
                table: "PersonPlace",
                columns: new[] { "AuthorityId", "Postcode" });

            migrationBuilder.CreateIndex(
                name: "IX_Plan_AuthorityId_EpisodeId",
                table: "Plan",
                columns: new[] { "AuthorityId", "EpisodeId" });

            migrationBuilder.CreateIndex(
                name: "IX_Plan_AuthorityId_PersonId_EndedOn",
                table: "Plan",
                columns: new[] { "AuthorityId", "PersonId", "EndedOn" });

            migrationBuilder.CreateIndex(
                name: "IX_PlanReview_AuthorityId_PlanId",
                table: "PlanReview",
                columns: new[] { "AuthorityId", "PlanId" });

            migrationBuilder.CreateIndex(
                name: "IX_ReferralEpisode_AuthorityId_LineId",
                table: "ReferralEpisode",
                columns: new[] { "AuthorityId", "LineId" });

            migrationBuilder.CreateIndex(
                name: "IX_ReferralEpisode_AuthorityId_PersonId",
                table: "ReferralEpisode",
                columns: new[] { "AuthorityId", "PersonId" });

            migrationBuilder.CreateIndex(
                name: "IX_Relationship_AuthorityId_OtherId",
                table: "Relationship",
                columns: new[] { "AuthorityId", "OtherId" });

            migrationBuilder.CreateIndex(
                name: "IX_Relationship_AuthorityId_PersonId",
                table: "Relationship",
                columns: new[] { "AuthorityId", "PersonId" });

            migrationBuilder.CreateIndex(
                name: "IX_Resolution_AuthorityId_FromId",
                table: "Resolution",
                columns: new[] { "AuthorityId", "FromId" });

            migrationBuilder.CreateIndex(
                name: "IX_Resolution_AuthorityId_ToId",
                table: "Resolution",
                columns: new[] { "AuthorityId", "ToId" });

            migrationBuilder.CreateIndex(
                name: "IX_RoomDecision_AuthorityId_EnquiryId_Number",
                table: "RoomDecision",
                columns: new[] { "AuthorityId", "EnquiryId", "Number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_RoomDecision_AuthorityId_RevisesId",
                table: "RoomDecision",
                columns: new[] { "AuthorityId", "RevisesId" });

            migrationBuilder.CreateIndex(
                name: "IX_RoomMessage_AuthorityId_AgencyId",
                table: "RoomMessage",
                columns: new[] { "AuthorityId", "AgencyId" });

            migrationBuilder.CreateIndex(
                name: "IX_RoomMessage_AuthorityId_EnquiryId",
                table: "RoomMessage",
                columns: new[] { "AuthorityId", "EnquiryId" });

            migrationBuilder.CreateIndex(
                name: "IX_RoomSeen_AuthorityId_AccountId_EnquiryId",
                table: "RoomSeen",
                columns: new[] { "AuthorityId", "AccountId", "EnquiryId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_RoomSeen_AuthorityId_EnquiryId",
                table: "RoomSeen",
                columns: new[] { "AuthorityId", "EnquiryId" });

            migrationBuilder.CreateIndex(
                name: "IX_RunningClock_AuthorityId_MetAt_EndedAt_DueAt",
                table: "RunningClock",
                columns: new[] { "AuthorityId", "MetAt", "EndedAt", "DueAt" });

            migrationBuilder.CreateIndex(
                name: "IX_RunningClock_AuthorityId_ParentId",
                table: "RunningClock",
                columns: new[] { "AuthorityId", "ParentId" });

            migrationBuilder.CreateIndex(
                name: "IX_RunningClock_AuthorityId_SubjectId_Rule",
                table: "RunningClock",
                columns: new[] { "AuthorityId", "SubjectId", "Rule" });

            migrationBuilder.CreateIndex(
                name: "IX_Seal_AuthorityId_SubjectId_EndedAt",
                table: "Seal",
                columns: new[] { "AuthorityId", "SubjectId", "EndedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Section47_AuthorityId_EpisodeId",
                table: "Section47",
                columns: new[] { "AuthorityId", "EpisodeId" });

            migrationBuilder.CreateIndex(
                name: "IX_SettingOverride_AuthorityId_Name_ValidFrom",
                table: "SettingOverride",
                columns: new[] { "AuthorityId", "Name", "ValidFrom" });

            migrationBuilder.CreateIndex(
                name: "IX_StoredFile_AuthorityId_OwnerKind_OwnerId",
                table: "StoredFile",
                columns: new[] { "AuthorityId", "OwnerKind", "OwnerId" });

            migrationBuilder.CreateIndex(
                name: "IX_Telling_AuthorityId_ContactId",
                table: "Telling",
                columns: new[] { "AuthorityId", "ContactId" });

            migrationBuilder.CreateIndex(
                name: "IX_Telling_AuthorityId_State_DueAt",
                table: "Telling",
                columns: new[] { "AuthorityId", "State", "DueAt" });

            migrationBuilder.CreateIndex(
                name: "IX_TrailEntry_AuthorityId_AccountId_Position",
                table: "TrailEntry",
                columns: new[] { "AuthorityId", "AccountId", "Position" });

            migrationBuilder.CreateIndex(
                name: "IX_TrailEntry_AuthorityId_Position",
                table: "TrailEntry",
                columns: new[] { "AuthorityId", "Position" });

            migrationBuilder.CreateIndex(
                name: "IX_TrailEntry_AuthorityId_SubjectId_Position",
                table: "TrailEntry",
                columns: new[] { "AuthorityId", "SubjectId", "Position" });

            migrationBuilder.CreateIndex(
                name: "IX_TrailEntry_Id",
                table: "TrailEntry",
                column: "Id",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "AgencyView");

            migrationBuilder.DropTable(
                name: "AspNetUserClaims");

            migrationBuilder.DropTable(
                name: "AspNetUserLogins");

            migrationBuilder.DropTable(
                name: "AspNetUserPasskeys");

            migrationBuilder.DropTable(
                name: "AspNetUserTokens");

            migrationBuilder.DropTable(
                name: "Assessment");

            migrationBuilder.DropTable(
                name: "Authority");

            migrationBuilder.DropTable(
                name: "Breach");

            migrationBuilder.DropTable(
                name: "BreakGlass");

            migrationBuilder.DropTable(
                name: "CensusCount");

            migrationBuilder.DropTable(
                name: "CensusFinding");

            migrationBuilder.DropTable(
                name: "CensusImportedChild");

            migrationBuilder.DropTable(
                name: "ChildsWords");

            migrationBuilder.DropTable(
                name: "Clearance");

            migrationBuilder.DropTable(
                name: "CommandReceipt");

            migrationBuilder.DropTable(
                name: "ConflictOfInterest");

            migrationBuilder.DropTable(
                name: "Contribution");

            migrationBuilder.DropTable(
                name: "DataProtectionKeys");

            migrationBuilder.DropTable(
                name: "DecisionEvidence");

            migrationBuilder.DropTable(
                name: "Draft");

            migrationBuilder.DropTable(
                name: "DutyShift");

            migrationBuilder.DropTable(
                name: "Embargo");

            migrationBuilder.DropTable(
                name: "EnquiryLine");

            migrationBuilder.DropTable(
                name: "EscalationStep");

            migrationBuilder.DropTable(
                name: "FileBlob");

            migrationBuilder.DropTable(
                name: "HandOver");

            migrationBuilder.DropTable(
                name: "Hold");

            migrationBuilder.DropTable(
                name: "Identification");

            migrationBuilder.DropTable(
                name: "LineDecision");

            migrationBuilder.DropTable(
                name: "LineRating");

            migrationBuilder.DropTable(
                name: "LookAgain");

            migrationBuilder.DropTable(
                name: "Membership");

            migrationBuilder.DropTable(
                name: "MentionedThing");

            migrationBuilder.DropTable(
                name: "Notice");

            migrationBuilder.DropTable(
                name: "OpenIddictScopes");

            migrationBuilder.DropTable(
                name: "OpenIddictTokens");

            migrationBuilder.DropTable(
                name: "OutboxMessage");

            migrationBuilder.DropTable(
                name: "Participant");

            migrationBuilder.DropTable(
                name: "PartnerClient");

            migrationBuilder.DropTable(
                name: "PersonIdentifier");

            migrationBuilder.DropTable(
                name: "PersonName");

            migrationBuilder.DropTable(
                name: "PersonPlace");

            migrationBuilder.DropTable(
                name: "PlanReview");

            migrationBuilder.DropTable(
                name: "ReferenceCounter");

            migrationBuilder.DropTable(
                name: "Relationship");

            migrationBuilder.DropTable(
                name: "Resolution");

            migrationBuilder.DropTable(
                name: "RoomMessage");

            migrationBuilder.DropTable(
                name: "RoomSeen");

            migrationBuilder.DropTable(
                name: "RunningClock");

            migrationBuilder.DropTable(
                name: "Section47");

            migrationBuilder.DropTable(
                name: "SettingOverride");

            migrationBuilder.DropTable(
                name: "StoredFile");

            migrationBuilder.DropTable(
                name: "Telling");

            migrationBuilder.DropTable(
                name: "TrailContent");

            migrationBuilder.DropTable(
                name: "TrailEntry");

            migrationBuilder.DropTable(
                name: "TrailSeal");

            migrationBuilder.DropTable(
                name: "CensusImport");

            migrationBuilder.DropTable(
                name: "Seal");

            migrationBuilder.DropTable(
                name: "AgencyCheck");

            migrationBuilder.DropTable(
                name: "Escalation");

            migrationBuilder.DropTable(
                name: "Account");

            migrationBuilder.DropTable(
                name: "OpenIddictAuthorizations");

            migrationBuilder.DropTable(
                name: "Plan");

            migrationBuilder.DropTable(
                name: "DecisionPosition");

            migrationBuilder.DropTable(
                name: "OpenIddictApplications");

            migrationBuilder.DropTable(
                name: "ReferralEpisode");

            migrationBuilder.DropTable(
                name: "RoomDecision");

            migrationBuilder.DropTable(
                name: "ContactLine");

            migrationBuilder.DropTable(
                name: "Person");

            migrationBuilder.DropTable(
                name: "Enquiry");

            migrationBuilder.DropTable(
                name: "Mention");

            migrationBuilder.DropTable(
                name: "Contact");

            migrationBuilder.DropTable(
                name: "Agency");

            migrationBuilder.DropTable(
                name: "ImportBatch");
        }
    }
}
