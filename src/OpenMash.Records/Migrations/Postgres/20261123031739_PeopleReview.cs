using System;
using Microsoft.EntityFrameworkCore.Migrations;
using NodaTime;

#nullable disable

namespace OpenMash.Records.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class PeopleReview : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Resolution_AuthorityId_FromId",
                table: "Resolution");

            migrationBuilder.DropIndex(
                name: "IX_Resolution_AuthorityId_ToId",
                table: "Resolution");

            migrationBuilder.CreateTable(
                name: "MatchPair",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    FirstId = table.Column<Guid>(type: "uuid", nullable: false),
                    SecondId = table.Column<Guid>(type: "uuid", nullable: false),
                    Probability = table.Column<double>(type: "double precision", nullable: false),
                    Source = table.Column<string>(type: "text", nullable: false),
                    FiledAt = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    FirstChangedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    SecondChangedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    State = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    KeepId = table.Column<Guid>(type: "uuid", nullable: true),
                    ByAccountId = table.Column<Guid>(type: "uuid", nullable: true),
                    DecidedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    Reason = table.Column<string>(type: "text", nullable: true),
                    SecondAccountId = table.Column<Guid>(type: "uuid", nullable: true),
                    SecondAt = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    SecondReason = table.Column<string>(type: "text", nullable: true),
                    ResolutionId = table.Column<Guid>(type: "uuid", nullable: true),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MatchPair", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_MatchPair_Person_AuthorityId_FirstId",
                        columns: x => new { x.AuthorityId, x.FirstId },
                        principalTable: "Person",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_MatchPair_Person_AuthorityId_SecondId",
                        columns: x => new { x.AuthorityId, x.SecondId },
                        principalTable: "Person",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "MatchRun",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    At = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    Whole = table.Column<bool>(type: "boolean", nullable: false),
                    Source = table.Column<string>(type: "text", nullable: false),
                    People = table.Column<int>(type: "integer", nullable: false),
                    Filed = table.Column<int>(type: "integer", nullable: false),
                    ReachedAt = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MatchRun", x => new { x.AuthorityId, x.Id });
                });

            migrationBuilder.CreateTable(
                name: "PeopleExtract",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    FileName = table.Column<string>(type: "text", nullable: false),
                    Sha256 = table.Column<string>(type: "text", nullable: false),
                    AgencyId = table.Column<Guid>(type: "uuid", nullable: false),
                    At = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    ByAccountId = table.Column<Guid>(type: "uuid", nullable: false),
                    Columns = table.Column<string>(type: "text", nullable: false),
                    Rows = table.Column<int>(type: "integer", nullable: false),
                    Added = table.Column<int>(type: "integer", nullable: false),
                    Known = table.Column<int>(type: "integer", nullable: false),
                    Refused = table.Column<int>(type: "integer", nullable: false),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PeopleExtract", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_PeopleExtract_Agency_AuthorityId_AgencyId",
                        columns: x => new { x.AuthorityId, x.AgencyId },
                        principalTable: "Agency",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "ExtractProblem",
                columns: table => new
                {
                    AuthorityId = table.Column<short>(type: "smallint", nullable: false),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ExtractId = table.Column<Guid>(type: "uuid", nullable: false),
                    Line = table.Column<int>(type: "integer", nullable: false),
                    Refused = table.Column<bool>(type: "boolean", nullable: false),
                    Problem = table.Column<string>(type: "text", nullable: false),
                    Version = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ExtractProblem", x => new { x.AuthorityId, x.Id });
                    table.ForeignKey(
                        name: "FK_ExtractProblem_PeopleExtract_AuthorityId_ExtractId",
                        columns: x => new { x.AuthorityId, x.ExtractId },
                        principalTable: "PeopleExtract",
                        principalColumns: new[] { "AuthorityId", "Id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Resolution_AuthorityId_FromId_EndedAt",
                table: "Resolution",
                columns: new[] { "AuthorityId", "FromId", "EndedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Resolution_AuthorityId_ToId_EndedAt",
                table: "Resolution",
                columns: new[] { "AuthorityId", "ToId", "EndedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_ExtractProblem_AuthorityId_ExtractId",
                table: "ExtractProblem",
                columns: new[] { "AuthorityId", "ExtractId" });

            migrationBuilder.CreateIndex(
                name: "IX_MatchPair_AuthorityId_FirstId_SecondId",
                table: "MatchPair",
                columns: new[] { "AuthorityId", "FirstId", "SecondId" });

            migrationBuilder.CreateIndex(
                name: "IX_MatchPair_AuthorityId_SecondId",
                table: "MatchPair",
                columns: new[] { "AuthorityId", "SecondId" });

            migrationBuilder.CreateIndex(
                name: "IX_MatchPair_AuthorityId_State_Probability",
                table: "MatchPair",
                columns: new[] { "AuthorityId", "State", "Probability" });

            migrationBuilder.CreateIndex(
                name: "IX_MatchRun_AuthorityId_At",
                table: "MatchRun",
                columns: new[] { "AuthorityId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_PeopleExtract_AuthorityId_AgencyId",
                table: "PeopleExtract",
                columns: new[] { "AuthorityId", "AgencyId" });

            migrationBuilder.CreateIndex(
                name: "IX_PeopleExtract_AuthorityId_Sha256",
                table: "PeopleExtract",
                columns: new[] { "AuthorityId", "Sha256" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "ExtractProblem");

            migrationBuilder.DropTable(
                name: "MatchPair");

            migrationBuilder.DropTable(
                name: "MatchRun");

            migrationBuilder.DropTable(
                name: "PeopleExtract");

            migrationBuilder.DropIndex(
                name: "IX_Resolution_AuthorityId_FromId_EndedAt",
                table: "Resolution");

            migrationBuilder.DropIndex(
                name: "IX_Resolution_AuthorityId_ToId_EndedAt",
                table: "Resolution");

            migrationBuilder.CreateIndex(
                name: "IX_Resolution_AuthorityId_FromId",
                table: "Resolution",
                columns: new[] { "AuthorityId", "FromId" });

            migrationBuilder.CreateIndex(
                name: "IX_Resolution_AuthorityId_ToId",
                table: "Resolution",
                columns: new[] { "AuthorityId", "ToId" });
        }
    }
}
