using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OpenMash.Records.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Unacknowledged : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
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
                name: "IX_Contact_Unacknowledged",
                table: "Contact");
        }
    }
}
