using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;
using OpenMash.Hub.Platform.Furniture;

namespace OpenMash.Hub.Pages;

/// <summary>The print layout. Only in development.</summary>
[AllowAnonymous]
public sealed class PatternsPrintModel(IHostEnvironment environment, PageFurniture furniture) : PageModel
{
    public Instant Now => furniture.Now;

    public IActionResult OnGet() => environment.IsDevelopment() ? Page() : NotFound();
}
