// Deliberately broken rooms and classes: each breaks one rule of the house, so that the rule is known to bite. Nothing uses them.
#pragma warning disable RS0030, CA1822, CA1812, CA1852, IDE0051
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using OpenMash.Records.Kernel;

namespace OpenMash.Hub.Rooms.BrokenA
{
    internal sealed class Gossip
    {
        public BrokenB.Secret Listen() => new();
    }

    internal sealed class Undeclared : PageModel
    {
    }

    internal sealed class Shortcut(RecordContext db)
    {
        public Task<int> CleanAsync() => db.Set<Records.Contacts.Contact>().Where(c => c.NeedsReading).ExecuteDeleteAsync();

        public int Save() => db.SaveChanges();
    }

    internal sealed class Watch
    {
        public Instant Now() => SystemClock.Instance.GetCurrentInstant();
    }
}

namespace OpenMash.Hub.Rooms.BrokenB
{
    internal sealed class Secret
    {
    }
}

namespace OpenMash.Hub.Platform.Broken
{
    internal sealed class Favourite
    {
        public Rooms.BrokenB.Secret Room() => new();
    }
}
