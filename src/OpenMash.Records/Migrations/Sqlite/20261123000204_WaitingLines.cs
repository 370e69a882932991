using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OpenMash.Records.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class WaitingLines : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "IX_ContactLine_Waiting",
                table: "ContactLine",
                columns: new[] { "AuthorityId", "ContactId" },
                filter: "\"State\" = 'Waiting'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_ContactLine_Waiting",
                table: "ContactLine");
        }
    }
}
