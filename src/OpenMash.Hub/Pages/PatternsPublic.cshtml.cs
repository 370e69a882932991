using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace OpenMash.Hub.Pages;

/// <summary>The public layout with its components. Only in development.</summary>
[AllowAnonymous]
public sealed class PatternsPublicModel(IHostEnvironment environment) : PageModel
{
    [BindProperty]
    [Display(Name = "Is it safe to contact you?")]
    [Required(ErrorMessage = "Choose whether it is safe to contact you")]
    public string? Safe { get; set; }

    [BindProperty]
    public string? How { get; set; }

    public IActionResult OnGet() => environment.IsDevelopment() ? Page() : NotFound();

    public IActionResult OnPost() => environment.IsDevelopment() ? Page() : NotFound();
}
