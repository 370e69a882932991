using OpenMash.Hub.Platform.Time;
using OtpNet;

namespace OpenMash.HubTests.House;

/// <summary>The app on a person's telephone.</summary>
internal static class Authenticator
{
    /// <summary>
    /// The code that the app shows for a key as a page writes it; <paramref name="steps"/> half minutes from now, for a code that was not used yet. By the machine's
    /// clock, since the framework checks codes by it.
    /// </summary>
    public static string Code(string key, int steps = 0) =>
        new Totp(Base32Encoding.ToBytes(key.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant())).ComputeTotp(new MachineClock().GetCurrentInstant().ToDateTimeUtc().AddSeconds(30 * steps));
}
