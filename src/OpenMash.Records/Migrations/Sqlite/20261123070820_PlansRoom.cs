using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OpenMash.Records.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class PlansRoom : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "ChildSeenOn",
                table: "Section47",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "EndedOn",
                table: "Section47",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Outcome",
                table: "Section47",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "StrategyId",
                table: "Section47",
                type: "BLOB",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Attended",
                table: "PlanReview",
                type: "TEXT",
                nullable: false,
                defaultValue: "[]");

            migrationBuilder.AddColumn<byte[]>(
                name: "ByAccountId",
                table: "PlanReview",
                type: "BLOB",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ChairedBy",
                table: "PlanReview",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ChildsView",
                table: "PlanReview",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Decision",
                table: "PlanReview",
                type: "TEXT",
                maxLength: 60,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "NotQuorateBecause",
                table: "PlanReview",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "Quorate",
                table: "PlanReview",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Reason",
                table: "PlanReview",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "ChangedAt",
                table: "Plan",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "EndReason",
                table: "Plan",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "FollowsId",
                table: "Plan",
                type: "BLOB",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Source",
                table: "Plan",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "TeamId",
                table: "Plan",
                type: "BLOB",
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "WorkerId",
                table: "Plan",
                type: "BLOB",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Standard",
                table: "CensusImport",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Checkpoint1On",
                table: "Assessment",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Checkpoint2On",
                table: "Assessment",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ChildSeenOn",
                table: "Assessment",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ChildsWords",
                table: "Assessment",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Findings",
                table: "Assessment",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "WorkerId",
                table: "Assessment",
                type: "BLOB",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "DutyException",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "INTEGER", nullable: false),
                    Id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    PlanId = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Rule = table.Column<string>(type: "TEXT", nullable: false),
                    RoundStartedOn = table.Column<string>(type: "TEXT", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    NewDueOn = table.Column<string>(type: "TEXT", nullable: true),
                    Reason = table.Column<string>(type: "TEXT", nullable: false),
                    AskedBy = table.Column<byte[]>(type: "BLOB", nullable: false),
                    AskedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    DecidedBy = table.Column<byte[]>(type: "BLOB", nullable: true),
                    DecidedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Approved = table.Column<bool>(type: "INTEGER", nullable: true),
                    DecisionNote = table.Column<string>(type: "TEXT", nullable: true),
                    Version = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DutyException", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_DutyException_Plan_AuthorityId_PlanId",
                        columns: x => new { x.AuthorityId, x.PlanId },
                        principalTable: "Plan",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "PlanAction",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "INTEGER", nullable: false),
                    Id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    PlanId = table.Column<byte[]>(type: "BLOB", nullable: false),
                    What = table.Column<string>(type: "TEXT", nullable: false),
                    Owner = table.Column<string>(type: "TEXT", nullable: false),
                    AgencyId = table.Column<byte[]>(type: "BLOB", nullable: true),
                    AddedOn = table.Column<string>(type: "TEXT", nullable: false),
                    DueOn = table.Column<string>(type: "TEXT", nullable: false),
                    DoneOn = table.Column<string>(type: "TEXT", nullable: true),
                    DoneNote = table.Column<string>(type: "TEXT", nullable: true),
                    DroppedOn = table.Column<string>(type: "TEXT", nullable: true),
                    DroppedBecause = table.Column<string>(type: "TEXT", nullable: true),
                    RecordedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Version = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PlanAction", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_PlanAction_Agency_AuthorityId_AgencyId",
                        columns: x => new { x.AuthorityId, x.AgencyId },
                        principalTable: "Agency",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_PlanAction_Plan_AuthorityId_PlanId",
                        columns: x => new { x.AuthorityId, x.PlanId },
                        principalTable: "Plan",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "PlanAlarm",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "INTEGER", nullable: false),
                    Id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    PlanId = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Rule = table.Column<string>(type: "TEXT", nullable: false),
                    Saw = table.Column<string>(type: "TEXT", nullable: false),
                    Anchor = table.Column<string>(type: "TEXT", nullable: false),
                    RaisedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Level = table.Column<int>(type: "INTEGER", nullable: false),
                    ClimbsAt = table.Column<long>(type: "INTEGER", nullable: true),
                    SeenAt = table.Column<long>(type: "INTEGER", nullable: true),
                    SeenBy = table.Column<byte[]>(type: "BLOB", nullable: true),
                    SeenNote = table.Column<string>(type: "TEXT", nullable: true),
                    ClosedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Version = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PlanAlarm", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_PlanAlarm_Plan_AuthorityId_PlanId",
                        columns: x => new { x.AuthorityId, x.PlanId },
                        principalTable: "Plan",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "PlanMeeting",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "INTEGER", nullable: false),
                    Id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    PlanId = table.Column<byte[]>(type: "BLOB", nullable: false),
                    HeldOn = table.Column<string>(type: "TEXT", nullable: false),
                    IsPlanning = table.Column<bool>(type: "INTEGER", nullable: false),
                    Attended = table.Column<string>(type: "TEXT", nullable: false),
                    FamilyCame = table.Column<bool>(type: "INTEGER", nullable: false),
                    Note = table.Column<string>(type: "TEXT", nullable: false),
                    ByAccountId = table.Column<byte[]>(type: "BLOB", nullable: true),
                    RecordedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Version = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PlanMeeting", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_PlanMeeting_Plan_AuthorityId_PlanId",
                        columns: x => new { x.AuthorityId, x.PlanId },
                        principalTable: "Plan",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "PlanStep",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "INTEGER", nullable: false),
                    Id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    PlanId = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    ToKind = table.Column<string>(type: "TEXT", nullable: true),
                    On = table.Column<string>(type: "TEXT", nullable: false),
                    Reason = table.Column<string>(type: "TEXT", nullable: false),
                    FamilysView = table.Column<string>(type: "TEXT", nullable: true),
                    Overdue = table.Column<int>(type: "INTEGER", nullable: false),
                    OpenActions = table.Column<int>(type: "INTEGER", nullable: false),
                    OpenAlarms = table.Column<int>(type: "INTEGER", nullable: false),
                    DaysSinceSeen = table.Column<int>(type: "INTEGER", nullable: true),
                    AuditAnswer = table.Column<string>(type: "TEXT", nullable: true),
                    ByAccountId = table.Column<byte[]>(type: "BLOB", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    DecidedBy = table.Column<byte[]>(type: "BLOB", nullable: true),
                    DecidedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    DecisionNote = table.Column<string>(type: "TEXT", nullable: true),
                    Version = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PlanStep", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_PlanStep_Plan_AuthorityId_PlanId",
                        columns: x => new { x.AuthorityId, x.PlanId },
                        principalTable: "Plan",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "PlanSupervision",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "INTEGER", nullable: false),
                    Id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    PlanId = table.Column<byte[]>(type: "BLOB", nullable: false),
                    On = table.Column<string>(type: "TEXT", nullable: false),
                    Note = table.Column<string>(type: "TEXT", nullable: false),
                    ChangedForChild = table.Column<string>(type: "TEXT", nullable: true),
                    ChallengedLength = table.Column<bool>(type: "INTEGER", nullable: false),
                    ByAccountId = table.Column<byte[]>(type: "BLOB", nullable: true),
                    RecordedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Version = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PlanSupervision", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_PlanSupervision_Plan_AuthorityId_PlanId",
                        columns: x => new { x.AuthorityId, x.PlanId },
                        principalTable: "Plan",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "PlanTeam",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "INTEGER", nullable: false),
                    Id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    ManagerId = table.Column<byte[]>(type: "BLOB", nullable: true),
                    ClosedOn = table.Column<string>(type: "TEXT", nullable: true),
                    Version = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PlanTeam", x => new { x.AuthorityId, x.Id });
                });

            migrationBuilder.CreateTable(
                name: "PlanVersion",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "INTEGER", nullable: false),
                    Id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    PlanId = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    MadeOn = table.Column<string>(type: "TEXT", nullable: false),
                    Why = table.Column<string>(type: "TEXT", nullable: false),
                    Contingency = table.Column<string>(type: "TEXT", nullable: true),
                    ChildsView = table.Column<string>(type: "TEXT", nullable: true),
                    FamilysView = table.Column<string>(type: "TEXT", nullable: true),
                    AssessmentUpdated = table.Column<bool>(type: "INTEGER", nullable: false),
                    ByAccountId = table.Column<byte[]>(type: "BLOB", nullable: true),
                    RecordedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Version = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PlanVersion", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_PlanVersion_Plan_AuthorityId_PlanId",
                        columns: x => new { x.AuthorityId, x.PlanId },
                        principalTable: "Plan",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "PlanVisit",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "INTEGER", nullable: false),
                    Id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    PlanId = table.Column<byte[]>(type: "BLOB", nullable: false),
                    On = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<string>(type: "TEXT", nullable: true),
                    Meeting = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    SeenAlone = table.Column<bool>(type: "INTEGER", nullable: false),
                    BedroomSeen = table.Column<bool>(type: "INTEGER", nullable: false),
                    ChildsWords = table.Column<string>(type: "TEXT", nullable: true),
                    WhoseWords = table.Column<string>(type: "TEXT", nullable: true),
                    Note = table.Column<string>(type: "TEXT", nullable: true),
                    NotSeenBecause = table.Column<string>(type: "TEXT", nullable: true),
                    ByAccountId = table.Column<byte[]>(type: "BLOB", nullable: true),
                    WrittenAt = table.Column<long>(type: "INTEGER", nullable: true),
                    RecordedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Version = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PlanVisit", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_PlanVisit_Plan_AuthorityId_PlanId",
                        columns: x => new { x.AuthorityId, x.PlanId },
                        principalTable: "Plan",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "ReviewMove",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "INTEGER", nullable: false),
                    Id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    PlanId = table.Column<byte[]>(type: "BLOB", nullable: false),
                    From = table.Column<string>(type: "TEXT", nullable: true),
                    To = table.Column<string>(type: "TEXT", nullable: false),
                    Reason = table.Column<string>(type: "TEXT", nullable: false),
                    ByAccountId = table.Column<byte[]>(type: "BLOB", nullable: false),
                    RecordedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Version = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ReviewMove", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_ReviewMove_Plan_AuthorityId_PlanId",
                        columns: x => new { x.AuthorityId, x.PlanId },
                        principalTable: "Plan",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "StrategyDiscussion",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "INTEGER", nullable: false),
                    Id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    EpisodeId = table.Column<byte[]>(type: "BLOB", nullable: false),
                    HeldOn = table.Column<string>(type: "TEXT", nullable: false),
                    Attended = table.Column<string>(type: "TEXT", nullable: false),
                    Quorate = table.Column<bool>(type: "INTEGER", nullable: false),
                    NotQuorateBecause = table.Column<string>(type: "TEXT", nullable: true),
                    Views = table.Column<string>(type: "TEXT", nullable: false),
                    StartsSection47 = table.Column<bool>(type: "INTEGER", nullable: false),
                    Reason = table.Column<string>(type: "TEXT", nullable: false),
                    ByAccountId = table.Column<byte[]>(type: "BLOB", nullable: false),
                    RecordedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Version = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_StrategyDiscussion", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_StrategyDiscussion_ReferralEpisode_AuthorityId_EpisodeId",
                        columns: x => new { x.AuthorityId, x.EpisodeId },
                        principalTable: "ReferralEpisode",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "PlanAllocation",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "INTEGER", nullable: false),
                    Id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    PlanId = table.Column<byte[]>(type: "BLOB", nullable: false),
                    TeamId = table.Column<byte[]>(type: "BLOB", nullable: true),
                    WorkerId = table.Column<byte[]>(type: "BLOB", nullable: true),
                    From = table.Column<string>(type: "TEXT", nullable: false),
                    Reason = table.Column<string>(type: "TEXT", nullable: false),
                    ByAccountId = table.Column<byte[]>(type: "BLOB", nullable: false),
                    RecordedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Version = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PlanAllocation", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_PlanAllocation_PlanTeam_AuthorityId_TeamId",
                        columns: x => new { x.AuthorityId, x.TeamId },
                        principalTable: "PlanTeam",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_PlanAllocation_Plan_AuthorityId_PlanId",
                        columns: x => new { x.AuthorityId, x.PlanId },
                        principalTable: "Plan",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "PlanOutcome",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "INTEGER", nullable: false),
                    Id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    VersionId = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    What = table.Column<string>(type: "TEXT", nullable: false),
                    Baseline = table.Column<string>(type: "TEXT", nullable: true),
                    Measure = table.Column<string>(type: "TEXT", nullable: true),
                    Now = table.Column<string>(type: "TEXT", nullable: true),
                    Version = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PlanOutcome", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_PlanOutcome_PlanVersion_AuthorityId_VersionId",
                        columns: x => new { x.AuthorityId, x.VersionId },
                        principalTable: "PlanVersion",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Section47_AuthorityId_StrategyId",
                table: "Section47",
                columns: new[] { "AuthorityId", "StrategyId" });

            migrationBuilder.CreateIndex(
                name: "IX_Plan_AuthorityId_ChangedAt",
                table: "Plan",
                columns: new[] { "AuthorityId", "ChangedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Plan_AuthorityId_FollowsId",
                table: "Plan",
                columns: new[] { "AuthorityId", "FollowsId" });

            migrationBuilder.CreateIndex(
                name: "IX_Plan_AuthorityId_TeamId",
                table: "Plan",
                columns: new[] { "AuthorityId", "TeamId" });

            migrationBuilder.CreateIndex(
                name: "IX_Plan_AuthorityId_WorkerId_EndedOn",
                table: "Plan",
                columns: new[] { "AuthorityId", "WorkerId", "EndedOn" });

            migrationBuilder.CreateIndex(
                name: "IX_DutyException_AuthorityId_PlanId",
                table: "DutyException",
                columns: new[] { "AuthorityId", "PlanId" });

            migrationBuilder.CreateIndex(
                name: "IX_PlanAction_AuthorityId_AgencyId",
                table: "PlanAction",
                columns: new[] { "AuthorityId", "AgencyId" });

            migrationBuilder.CreateIndex(
                name: "IX_PlanAction_AuthorityId_PlanId",
                table: "PlanAction",
                columns: new[] { "AuthorityId", "PlanId" });

            migrationBuilder.CreateIndex(
                name: "IX_PlanAlarm_AuthorityId_ClosedAt_ClimbsAt",
                table: "PlanAlarm",
                columns: new[] { "AuthorityId", "ClosedAt", "ClimbsAt" });

            migrationBuilder.CreateIndex(
                name: "IX_PlanAlarm_AuthorityId_PlanId_ClosedAt",
                table: "PlanAlarm",
                columns: new[] { "AuthorityId", "PlanId", "ClosedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_PlanAllocation_AuthorityId_PlanId",
                table: "PlanAllocation",
                columns: new[] { "AuthorityId", "PlanId" });

            migrationBuilder.CreateIndex(
                name: "IX_PlanAllocation_AuthorityId_TeamId",
                table: "PlanAllocation",
                columns: new[] { "AuthorityId", "TeamId" });

            migrationBuilder.CreateIndex(
                name: "IX_PlanMeeting_AuthorityId_PlanId",
                table: "PlanMeeting",
                columns: new[] { "AuthorityId", "PlanId" });

            migrationBuilder.CreateIndex(
                name: "IX_PlanOutcome_AuthorityId_VersionId",
                table: "PlanOutcome",
                columns: new[] { "AuthorityId", "VersionId" });

            migrationBuilder.CreateIndex(
                name: "IX_PlanStep_AuthorityId_PlanId",
                table: "PlanStep",
                columns: new[] { "AuthorityId", "PlanId" });

            migrationBuilder.CreateIndex(
                name: "IX_PlanSupervision_AuthorityId_PlanId",
                table: "PlanSupervision",
                columns: new[] { "AuthorityId", "PlanId" });

            migrationBuilder.CreateIndex(
                name: "IX_PlanVersion_AuthorityId_PlanId_Number",
                table: "PlanVersion",
                columns: new[] { "AuthorityId", "PlanId", "Number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_PlanVisit_AuthorityId_PlanId",
                table: "PlanVisit",
                columns: new[] { "AuthorityId", "PlanId" });

            migrationBuilder.CreateIndex(
                name: "IX_ReviewMove_AuthorityId_PlanId",
                table: "ReviewMove",
                columns: new[] { "AuthorityId", "PlanId" });

            migrationBuilder.CreateIndex(
                name: "IX_StrategyDiscussion_AuthorityId_EpisodeId",
                table: "StrategyDiscussion",
                columns: new[] { "AuthorityId", "EpisodeId" });

            migrationBuilder.AddForeignKey(
                name: "FK_Plan_PlanTeam_AuthorityId_TeamId",
                table: "Plan",
                columns: new[] { "AuthorityId", "TeamId" },
                principalTable: "PlanTeam",
                principalColumns: new[] { "AuthorityId", "Id" },
                onDelete: ReferentialAction.Restrict);

            migrationBuilder.AddForeignKey(
                name: "FK_Plan_Plan_AuthorityId_FollowsId",
                table: "Plan",
                columns: new[] { "AuthorityId", "FollowsId" },
                principalTable: "Plan",
                principalColumns: new[] { "AuthorityId", "Id" },
                onDelete: ReferentialAction.Restrict);

            migrationBuilder.AddForeignKey(
                name: "FK_Section47_StrategyDiscussion_AuthorityId_StrategyId",
                table: "Section47",
                columns: new[] { "AuthorityId", "StrategyId" },
                principalTable: "StrategyDiscussion",
                principalColumns: new[] { "AuthorityId", "Id" },
                onDelete: ReferentialAction.Restrict);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_Plan_PlanTeam_AuthorityId_TeamId",
                table: "Plan");

            migrationBuilder.DropForeignKey(
                name: "FK_Plan_Plan_AuthorityId_FollowsId",
                table: "Plan");

            migrationBuilder.DropForeignKey(
                name: "FK_Section47_StrategyDiscussion_AuthorityId_StrategyId",
                table: "Section47");

            migrationBuilder.DropTable(
                name: "DutyException");

            migrationBuilder.DropTable(
                name: "PlanAction");

            migrationBuilder.DropTable(
                name: "PlanAlarm");

            migrationBuilder.DropTable(
                name: "PlanAllocation");

            migrationBuilder.DropTable(
                name: "PlanMeeting");

            migrationBuilder.DropTable(
                name: "PlanOutcome");

            migrationBuilder.DropTable(
                name: "PlanStep");

            migrationBuilder.DropTable(
                name: "PlanSupervision");

            migrationBuilder.DropTable(
                name: "PlanVisit");

            migrationBuilder.DropTable(
                name: "ReviewMove");

            migrationBuilder.DropTable(
                name: "StrategyDiscussion");

            migrationBuilder.DropTable(
                name: "PlanTeam");

            migrationBuilder.DropTable(
                name: "PlanVersion");

            migrationBuilder.DropIndex(
                name: "IX_Section47_AuthorityId_StrategyId",
                table: "Section47");

            migrationBuilder.DropIndex(
                name: "IX_Plan_AuthorityId_ChangedAt",
                table: "Plan");

            migrationBuilder.DropIndex(
                name: "IX_Plan_AuthorityId_FollowsId",
                table: "Plan");

            migrationBuilder.DropIndex(
                name: "IX_Plan_AuthorityId_TeamId",
                table: "Plan");

            migrationBuilder.DropIndex(
                name: "IX_Plan_AuthorityId_WorkerId_EndedOn",
                table: "Plan");

            migrationBuilder.DropColumn(
                name: "ChildSeenOn",
                table: "Section47");

            migrationBuilder.DropColumn(
                name: "EndedOn",
                table: "Section47");

            migrationBuilder.DropColumn(
                name: "Outcome",
                table: "Section47");

            migrationBuilder.DropColumn(
                name: "StrategyId",
                table: "Section47");

            migrationBuilder.DropColumn(
                name: "Attended",
                table: "PlanReview");

            migrationBuilder.DropColumn(
                name: "ByAccountId",
                table: "PlanReview");

            migrationBuilder.DropColumn(
                name: "ChairedBy",
                table: "PlanReview");

            migrationBuilder.DropColumn(
                name: "ChildsView",
                table: "PlanReview");

            migrationBuilder.DropColumn(
                name: "Decision",
                table: "PlanReview");

            migrationBuilder.DropColumn(
                name: "NotQuorateBecause",
                table: "PlanReview");

            migrationBuilder.DropColumn(
                name: "Quorate",
                table: "PlanReview");

            migrationBuilder.DropColumn(
                name: "Reason",
                table: "PlanReview");

            migrationBuilder.DropColumn(
                name: "ChangedAt",
                table: "Plan");

            migrationBuilder.DropColumn(
                name: "EndReason",
                table: "Plan");

            migrationBuilder.DropColumn(
                name: "FollowsId",
                table: "Plan");

            migrationBuilder.DropColumn(
                name: "Source",
                table: "Plan");

            migrationBuilder.DropColumn(
                name: "TeamId",
                table: "Plan");

            migrationBuilder.DropColumn(
                name: "WorkerId",
                table: "Plan");

            migrationBuilder.DropColumn(
                name: "Standard",
                table: "CensusImport");

            migrationBuilder.DropColumn(
                name: "Checkpoint1On",
                table: "Assessment");

            migrationBuilder.DropColumn(
                name: "Checkpoint2On",
                table: "Assessment");

            migrationBuilder.DropColumn(
                name: "ChildSeenOn",
                table: "Assessment");

            migrationBuilder.DropColumn(
                name: "ChildsWords",
                table: "Assessment");

            migrationBuilder.DropColumn(
                name: "Findings",
                table: "Assessment");

            migrationBuilder.DropColumn(
                name: "WorkerId",
                table: "Assessment");
        }
    }
}
