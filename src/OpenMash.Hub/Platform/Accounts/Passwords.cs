using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using OpenMash.Records.Accounts;

namespace OpenMash.Hub.Platform.Accounts;

/// <summary>The rules for a new password, in words, for every page that takes one: long, not the same few characters, typed twice alike.</summary>
internal static class Passwords
{
    internal static async Task CheckAsync(UserManager<Account> users, string? password, string? again, ModelStateDictionary problems, string field = "Password", string fieldAgain = "PasswordAgain")
    {
        if (string.IsNullOrEmpty(password))
        {
            problems.AddModelError(field, "Choose a password");
            return;
        }

        var options = users.Options.Password;
        foreach (var validator in users.PasswordValidators)
        {
            var result = await validator.ValidateAsync(users, null!, password);
            foreach (var error in result.Errors)
            {
                problems.AddModelError(field, error.Code switch
                {
                    nameof(IdentityErrorDescriber.PasswordTooShort) => $"The password must have at least {options.RequiredLength} characters; this one has {password.Length}",
                    nameof(IdentityErrorDescriber.PasswordRequiresUniqueChars) => $"The password must use at least {options.RequiredUniqueChars} different characters",
                    _ => error.Description,
                });
            }
        }

        if (!string.Equals(password, again, StringComparison.Ordinal)) problems.AddModelError(fieldAgain, "The two passwords are not the same");
    }
}
