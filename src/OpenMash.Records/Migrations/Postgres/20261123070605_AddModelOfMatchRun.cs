using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace OpenMash.Records.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class AddModelOfMatchRun : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Model",
                table: "MatchRun",
                type: "text",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "Model",
                table: "MatchRun");
        }
    }
}
