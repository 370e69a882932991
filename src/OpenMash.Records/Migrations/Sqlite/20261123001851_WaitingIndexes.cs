using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OpenMash.Records.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class WaitingIndexes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "IX_ContactLine_Waiting",
                table: "ContactLine",
                columns: new[] { "AuthorityId", "ContactId" },
                filter: "\"State\" = 'Waiting'");

            migrationBuilder.CreateIndex(
                name: "IX_Contact_Unacknowledged",
                table: "Contact",
                columns: new[] { "AuthorityId", "ReceivedAt" },
                filter: "\"AcknowledgedAt\" IS NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_ContactLine_Waiting",
                table: "ContactLine");

            migrationBuilder.DropIndex(
                name: "IX_Contact_Unacknowledged",
                table: "Contact");
        }
    }
}
