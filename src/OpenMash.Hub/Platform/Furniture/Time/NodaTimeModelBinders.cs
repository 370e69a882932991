using Microsoft.AspNetCore.Mvc.ModelBinding;
using NodaTime;
using NodaTime.Text;

namespace OpenMash.Hub.Platform.Furniture;

/// <summary>Offers the binders for <see cref="LocalDate"/>, <see cref="LocalTime"/> and <see cref="Instant"/>, nullable or not.</summary>
public sealed class NodaTimeModelBinderProvider : IModelBinderProvider
{
    public IModelBinder? GetBinder(ModelBinderProviderContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var type = context.Metadata.UnderlyingOrModelType;
        if (type == typeof(LocalDate)) return new LocalDateModelBinder();
        if (type == typeof(Instant)) return new InstantModelBinder();
        return type == typeof(LocalTime) ? new LocalTimeModelBinder() : null;
    }
}

/// <summary>
/// Binds a date from <c>X.day</c>, <c>X.month</c>, <c>X.year</c> (the three boxes of <c>hub-date</c>), or from <c>X</c> as one text
/// (2014-11-27, 27/11/2014). Nothing typed binds null, and is an error where the property cannot be null.
/// </summary>
public sealed class LocalDateModelBinder : IModelBinder
{
    public Task BindModelAsync(ModelBindingContext bindingContext)
    {
        ArgumentNullException.ThrowIfNull(bindingContext);
        var posted = new PostedDate(bindingContext);
        if (!posted.Exists) return Task.CompletedTask;
        posted.Keep();
        var answer = posted.ReadDate();
        if (answer.Problem is not null) posted.Refuse(answer.Problem);
        else if (answer.Date is { } date) bindingContext.Result = ModelBindingResult.Success(date);
        else posted.AcceptNothing("Enter {0}");
        return Task.CompletedTask;
    }
}

/// <summary>
/// Binds an instant from the three boxes and <c>X.time</c>, read as Europe/London, or from <c>X</c> as ISO text with an offset or Z
/// (2014-11-27T14:05Z), or without (then London). An hour that the clocks skipped is refused; of an hour that came twice the first is taken.
/// </summary>
public sealed class InstantModelBinder : IModelBinder
{
    private static readonly LocalDateTimePattern ToTheMinute = LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm");

    public Task BindModelAsync(ModelBindingContext bindingContext)
    {
        ArgumentNullException.ThrowIfNull(bindingContext);
        var posted = new PostedDate(bindingContext);
        if (!posted.Exists) return Task.CompletedTask;
        posted.Keep();
        if (posted.Text is { Length: > 0 } text)
        {
            if (ReadText(text) is { } whole)
            {
                if (whole.Local is { } local) Place(posted, bindingContext, local);
                else bindingContext.Result = ModelBindingResult.Success(whole.Instant);
            }
            else
            {
                posted.Refuse($"{posted.Name} must be a date and a time, such as 2014-11-27T14:05");
            }

            return Task.CompletedTask;
        }

        var answer = posted.ReadDate();
        if (answer.Problem is not null)
        {
            posted.Refuse(answer.Problem);
        }
        else if (answer.Date is not { } date)
        {
            if (string.IsNullOrWhiteSpace(posted.Time)) posted.AcceptNothing("Enter {0}");
            else posted.Refuse($"{posted.Name} must include a date");
        }
        else if (string.IsNullOrWhiteSpace(posted.Time))
        {
            posted.Refuse($"{posted.Name} must include a time, such as 14:05");
        }
        else if (DateParts.ReadTime(posted.Time) is not { } time)
        {
            posted.Refuse($"{posted.Name}: the time must be like 14:05 or 2:05pm");
        }
        else
        {
            Place(posted, bindingContext, date + time);
        }

        return Task.CompletedTask;
    }

    private static void Place(PostedDate posted, ModelBindingContext context, LocalDateTime local)
    {
        var map = RelativeTime.London.MapLocal(local);
        if (map.Count == 0) posted.Refuse($"{posted.Name}: {RelativeTime.TimeOfDay(local.TimeOfDay)} did not happen that night, the clocks went forward");
        else context.Result = ModelBindingResult.Success(map.First().ToInstant());
    }

    private static (Instant? Instant, LocalDateTime? Local)? ReadText(string text)
    {
        text = text.Trim();
        if (InstantPattern.ExtendedIso.Parse(text) is { Success: true } instant) return (instant.Value, null);
        if (OffsetDateTimePattern.ExtendedIso.Parse(text) is { Success: true } offset) return (offset.Value.ToInstant(), null);
        if (LocalDateTimePattern.ExtendedIso.Parse(text) is { Success: true } local) return (null, local.Value);
        if (ToTheMinute.Parse(text) is { Success: true } minute) return (null, minute.Value);
        if (text.EndsWith('Z') && ToTheMinute.Parse(text[..^1]) is { Success: true } utc) return (utc.Value.InUtc().ToInstant(), null);
        return null;
    }
}

/// <summary>Binds a time of day: 14:05, 14.05, 1405, 2:05pm.</summary>
public sealed class LocalTimeModelBinder : IModelBinder
{
    public Task BindModelAsync(ModelBindingContext bindingContext)
    {
        ArgumentNullException.ThrowIfNull(bindingContext);
        var posted = new PostedDate(bindingContext);
        if (!posted.Exists) return Task.CompletedTask;
        posted.Keep();
        if (string.IsNullOrWhiteSpace(posted.Text)) posted.AcceptNothing("Enter {0}");
        else if (DateParts.ReadTime(posted.Text) is { } time) bindingContext.Result = ModelBindingResult.Success(time);
        else posted.Refuse($"{posted.Name} must be a time like 14:05 or 2:05pm");
        return Task.CompletedTask;
    }
}

/// <summary>What the browser sent for one date, and where the complaint about it goes.</summary>
internal sealed class PostedDate
{
    private static readonly string[] Boxes = ["day", "month", "year", "time"];
    private readonly ModelBindingContext context;
    private readonly string key;

    public PostedDate(ModelBindingContext context)
    {
        this.context = context;
        key = context.ModelName;
        Name = context.ModelMetadata.DisplayName ?? Words.FromPropertyName(context.ModelMetadata.Name ?? key);
    }

    public string Name { get; }

    public string? Text => context.ValueProvider.GetValue(key).FirstValue?.Trim();

    public string? Time => Box("time");

    public bool Exists => context.ValueProvider.GetValue(key) != ValueProviderResult.None
        || Boxes.Any(b => context.ValueProvider.GetValue($"{key}.{b}") != ValueProviderResult.None);

    public string? Box(string name) => context.ValueProvider.GetValue($"{key}.{name}").FirstValue;

    public DateAnswer ReadDate() => Text is { Length: > 0 } text ? DateParts.Read(text, Name) : DateParts.Read(Box("day"), Box("month"), Box("year"), Name);

    /// <summary>Keeps each box as it was typed, so that a wrong date comes back to be mended and not to be typed again.</summary>
    public void Keep()
    {
        if (context.ValueProvider.GetValue(key) is var whole && whole != ValueProviderResult.None) context.ModelState.SetModelValue(key, whole);
        foreach (var box in Boxes)
        {
            if (context.ValueProvider.GetValue($"{key}.{box}") is var value && value != ValueProviderResult.None)
            {
                context.ModelState.SetModelValue($"{key}.{box}", value);
                context.ModelState.MarkFieldSkipped($"{key}.{box}");
            }
        }
    }

    public void Refuse(string message)
    {
        context.ModelState.TryAddModelError(key, message);
        context.Result = ModelBindingResult.Failed();
    }

    public void AcceptNothing(string messageWhereRequired)
    {
        if (context.ModelMetadata.IsReferenceOrNullableType)
            context.Result = ModelBindingResult.Success(null);
        else
            Refuse(string.Format(System.Globalization.CultureInfo.InvariantCulture, messageWhereRequired, Words.LowerFirst(Name)));
    }
}
