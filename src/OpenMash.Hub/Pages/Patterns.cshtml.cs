using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;
using NodaTime;
using OpenMash.Hub.Platform.Furniture;

namespace OpenMash.Hub.Pages;

/// <summary>Every component in every state, for those who build pages, for screenshots and for the accessibility scan. Only in development.</summary>
[AllowAnonymous]
public sealed class PatternsModel(IHostEnvironment environment, PageFurniture furniture) : PageModel
{
    public sealed class Answers
    {
        [Display(Name = "Reference of the caller")]
        [Required(ErrorMessage = "Enter the reference of the caller")]
        public string? Caller { get; set; }

        [Display(Name = "What happened")]
        [Required(ErrorMessage = "Enter what happened, in the words you were given")]
        public string? What { get; set; }

        [Display(Name = "Date it happened")]
        [Required(ErrorMessage = "Enter the date it happened")]
        public LocalDate? On { get; set; }

        [Display(Name = "When we were told")]
        public Instant? Told { get; set; }

        [Display(Name = "Team")]
        public string? Team { get; set; }

        [Display(Name = "Rating")]
        [Required(ErrorMessage = "Choose a rating")]
        public string? Rating { get; set; }

        [Display(Name = "Marks")]
        public IList<string> Marks { get; set; } = [];

        [Display(Name = "I have told the family that I am sharing this")]
        public bool FamilyTold { get; set; }

        [Display(Name = "Children in the household")]
        [Range(0, 20, ErrorMessage = "Children in the household must be from 0 to 20")]
        public int? Children { get; set; }

        [Display(Name = "Files")]
        public IFormFile? File { get; set; }
    }

    [BindProperty]
    public Answers Input { get; set; } = new();

    public IList<string> Only { get; } = ["unclaimed"];

    /// <summary>The moment the page speaks of, so that screenshots compare.</summary>
    public Instant Now => furniture.Now;

    public static IReadOnlyList<SelectListItem> Teams { get; } =
    [
        new("North assessment", "north", false), new("South assessment", "south", true), new("Exploitation and missing", "missing", false),
    ];

    public IActionResult OnGet()
    {
        if (!environment.IsDevelopment()) return NotFound();
        Input.Told = furniture.Now - Duration.FromMinutes(95);
        Input.Marks = ["hub-only"];
        return Page();
    }

    public IActionResult OnPost()
    {
        if (!environment.IsDevelopment()) return NotFound();
        if (!ModelState.IsValid) return Page();
        TempData.Notify(NoticeKind.Success, "R-2026-000418 is kept. The duty manager sees it now.", "Open it", "/patterns");
        return RedirectToPage();
    }
}
